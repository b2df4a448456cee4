"""Rules: create, list, get, change, delete, test against the past."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET
from werkzeug import Response

from pipeline.documents.acting import channels, rules
from pipeline.documents.people import access
from pipeline.domain import names
from pipeline.domain.acting import Rule, Schedule
from pipeline.domain.errors import BadRequest, LimitReached, NotFound
from pipeline.domain.model import FrameRef
from pipeline.domain.people import Role
from pipeline.domain.settings import own_tenant
from pipeline.rules import kinds, past

from ....people.caller import of
from ...models import acting_answers
from ...models.acting import NewRule, RuleChange, RuleSchedule, RuleTest
from ...requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request


def create(request: Request) -> Response:
    """Create a rule, which looks at what is shown from now on."""
    given, tenant = json_fields(request, NewRule), of(request).tenant or own_tenant()
    if len(rules.of_tenant(tenant)) >= rules.MOST:
        raise LimitReached(f"a tenant has at most {rules.MOST} rules: delete one first")
    rule = Rule(
        id=f"r{secrets.token_hex(8)}",
        tenant=tenant,
        name=given.name.strip(),
        what=_what(given.what),
        stream=given.stream,
        enabled=given.enabled,
        cooldown=given.cooldown,
        schedule=_schedule(given.schedule),
        channels=tuple(dict.fromkeys(given.channels)),
        since=datetime.now(UTC),
        created_by=of(request).name,
    )
    _check(request, rule)
    rules.create(rule)
    response = answer(acting_answers.RuleAnswer(rule=_shown(rule)), 201)
    response.headers["Location"] = f"{request.script_root}/rules/{rule.id}"
    return response


def list_all(request: Request) -> Response:
    """List the rules of the caller's tenant, by name."""
    found = rules.of_tenant(of(request).tenant or own_tenant())
    return answer(acting_answers.RuleList(rules=[_shown(rule) for rule in found]))


def get(request: Request, rule: str) -> Response:
    """Get a rule."""
    return answer(acting_answers.RuleAnswer(rule=_shown(_of_tenant(request, rule))))


def change(request: Request, rule: str) -> Response:
    """Replace the named fields of a rule.

    One that looks for another thing than before, or at another stream, begins afresh.
    """
    given, before = json_fields(request, RuleChange), _of_tenant(request, rule)
    said: dict[str, Any] = {
        "name": given.name if given.name is UNSET else given.name.strip(),
        "what": given.what if given.what is UNSET else _what(given.what),
        "stream": given.stream,
        "enabled": given.enabled,
        "cooldown": given.cooldown,
        "schedule": given.schedule if given.schedule is UNSET else _schedule(given.schedule),
        "channels": given.channels if given.channels is UNSET else tuple(dict.fromkeys(given.channels)),
    }
    changed = replace(before, **{name: value for name, value in said.items() if value is not UNSET})
    _check(request, changed)
    return answer(acting_answers.RuleAnswer(rule=_shown(rules.change(before, changed))))


def delete(request: Request, rule: str) -> Response:
    """Delete a rule.

    Alerts that it fired stay.
    """
    rules.delete(_of_tenant(request, rule).id)
    return Response(status=204)


def test(request: Request) -> Response:
    """Test a rule against the past.

    It answers what the rule would have fired for in the last `hours`, on a stream or on all of the tenant's: of 50
    sessions at most, the newest of each stream first.
    """
    given, tenant = json_fields(request, RuleTest), of(request).tenant or own_tenant()
    rule = Rule(
        id="",
        tenant=tenant,
        name="",
        what=_what(given.what),
        stream=given.stream,
        cooldown=given.cooldown,
        schedule=_schedule(given.schedule),
    )
    _check(request, rule)
    found = past.test(rule, datetime.now(UTC) - timedelta(hours=given.hours), given.stream)
    fired = [
        acting_answers.PastFiring(
            stream=one.stream,
            session=one.session,
            at=one.at.isoformat(),
            media_time=one.firing.at / 1000,
            text=one.firing.text,
            snapshot=None
            if one.firing.look is None
            else names.frame_object(FrameRef(one.stream, one.session, one.firing.look)),
        )
        for one in found.fired
    ]
    return answer(
        acting_answers.PastAnswer(fired=fired, seconds=found.seconds, sessions=found.sessions, more=found.more)
    )


def _of_tenant(request: Request, rule: str) -> Rule:
    """The rule. Raises NotFound, also for one of another tenant than the caller's."""
    found, caller = rules.get(names.check_acting("rule", rule)), of(request)
    if not caller.reaches(Role.VIEWER, found.tenant):
        raise NotFound(f"rule {rule!r} does not exist")
    return found


def _check(request: Request, rule: Rule) -> None:
    """Raises BadRequest where a rule names a stream or a channel that its tenant does not have."""
    if rule.stream is not None:
        try:
            tenant = access.of_stream(rule.stream).tenant
        except NotFound:
            tenant = None
        if tenant != rule.tenant:
            raise BadRequest(f"'stream' must be a stream of the tenant: {rule.stream!r} does not exist")
    if rule.channels:
        known = {one.id for one in channels.of_tenant(rule.tenant)}
        if strange := [one for one in rule.channels if one not in known]:
            raise BadRequest(f"'channels' must be channels of the tenant: {strange[0]!r} does not exist")


def _what(what: Any) -> dict[str, Any]:
    return msgspec.to_builtins(kinds.read(what))


def _schedule(given: RuleSchedule | None) -> Schedule | None:
    if given is None:
        return None
    try:
        ZoneInfo(given.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest("'schedule.zone' must be a time zone, such as Europe/Berlin") from None
    days = tuple(sorted(set(given.days)))
    return Schedule(days, time.fromisoformat(given.start), time.fromisoformat(given.end), given.zone)


def _shown(rule: Rule) -> acting_answers.Rule:
    one = rule.schedule
    return acting_answers.Rule(
        id=rule.id,
        name=rule.name,
        what=rule.what,
        stream=rule.stream,
        enabled=rule.enabled,
        cooldown=rule.cooldown,
        schedule=one and RuleSchedule(list(one.days), f"{one.start:%H:%M}", f"{one.end:%H:%M}", one.zone),
        channels=list(rule.channels),
        revision=rule.revision,
        since=rule.since.isoformat() if rule.since else None,
    )
