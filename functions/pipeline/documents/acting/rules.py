"""`rules/{rule}`: what is to be told of what is seen; closed to browsers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.acting import Rule, Schedule
from ...domain.errors import NotFound
from ..control import audit

MOST = 200
"""Rules of a tenant."""


def create(rule: Rule) -> None:
    """Writes a new rule."""
    audit.create(firestore_client().document(names.rule_path(rule.id)), _fields(rule))


def get(rule: str) -> Rule:
    """The rule. Raises NotFound."""
    snapshot = firestore_client().document(names.rule_path(rule)).get()
    if not snapshot.exists:
        raise NotFound(f"rule {rule!r} does not exist")
    return _rule(str(snapshot.id), snapshot.to_dict() or {})


def of_tenant(tenant: str) -> list[Rule]:
    """The rules of a tenant, by name; `MOST` of them."""
    found = firestore_client().collection("rules").where(filter=FieldFilter("tenant", "==", tenant)).limit(MOST)
    rules = [_rule(str(one.id), one.to_dict() or {}) for one in found.stream()]
    return sorted(rules, key=lambda rule: (rule.name.casefold(), rule.id))


def enabled() -> list[Rule]:
    """Up to 1000 rules of all tenants that are in force."""
    found = firestore_client().collection("rules").where(filter=FieldFilter("enabled", "==", True)).limit(1000)
    return [_rule(str(one.id), one.to_dict() or {}) for one in found.stream()]


def change(before: Rule, rule: Rule) -> Rule:
    """Writes a rule once more; one that looks for another thing than before begins afresh."""
    if (rule.what, rule.stream) != (before.what, before.stream) or (rule.enabled and not before.enabled):
        rule = replace(rule, revision=before.revision + 1, since=datetime.now(UTC))
    audit.replace(firestore_client().document(names.rule_path(rule.id)), _fields(rule))
    return rule


def delete(rule: str) -> None:
    """Deletes a rule. What it fired stays."""
    audit.delete(firestore_client().document(names.rule_path(rule)))


def _fields(rule: Rule) -> dict[str, Any]:
    schedule = rule.schedule
    return {
        "tenant": rule.tenant,
        "name": rule.name,
        "what": dict(rule.what),
        "stream": rule.stream,
        "enabled": rule.enabled,
        "cooldown": rule.cooldown,
        "schedule": schedule
        and {
            "days": list(schedule.days),
            "from": f"{schedule.start:%H:%M}",
            "to": f"{schedule.end:%H:%M}",
            "zone": schedule.zone,
        },
        "channels": list(rule.channels),
        "revision": rule.revision,
        "since": rule.since,
        "created_by": rule.created_by,
    }


def _rule(id: str, fields: Mapping[str, Any]) -> Rule:
    schedule: Mapping[str, Any] | None = fields.get("schedule")
    return Rule(
        id=id,
        tenant=fields["tenant"],
        name=fields["name"],
        what=fields["what"],
        stream=fields.get("stream"),
        enabled=bool(fields.get("enabled")),
        cooldown=float(fields["cooldown"]),
        schedule=_schedule(schedule) if schedule else None,
        channels=tuple(fields.get("channels") or ()),
        revision=int(fields["revision"]),
        since=fields.get("since"),
        created_by=fields.get("created_by"),
    )


def _schedule(fields: Mapping[str, Any]) -> Schedule:
    start, end = time.fromisoformat(fields["from"]), time.fromisoformat(fields["to"])
    return Schedule(tuple(fields["days"]), start, end, fields["zone"])
