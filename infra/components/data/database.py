"""Firestore: the database, its rules and its indexes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pulumiverse_time as time
from pulumi_gcp import firebaserules, firestore

from ..project.cloud import Cloud, Component
from ..rules_release import RulesRelease

REUSABLE = "330s"  # a deleted database's id is refused for five minutes
DAY = 86400  # seconds
OWN = "return 'main';"  # in the rules


class Database(Component):
    """A Firestore database in native mode with its rules, indexes and backups; the last week can be read by the minute.

    `indexes` has the format of the Firebase CLI's firestore.indexes.json: `indexes`, and `fieldOverrides` with an empty
    list of indexes for fields that no query uses, and `ttl` if a document expires at the time in the field.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        database: str,
        rules: Path,
        tenant: str | None,
        indexes: Path,
        keep: bool,
        backup_days: int,
        prefix: str = "",
    ) -> None:
        """`database` is its id; `tenant` the deployment's own, if the rules name it. `keep`: destroying the stack
        leaves it. A daily backup is kept for `backup_days`. `prefix` begins the names of its parts in the stack."""
        super().__init__(name, cloud)
        # Destroyed after the database: once `pulumi destroy` has ended, `pulumi up` may make it again.
        gone = [] if keep else [time.Sleep(f"{name}-gone", destroy_duration=REUSABLE, opts=self.child())]
        self.database = firestore.Database(
            name,
            name=database,
            location_id=cloud.region,
            type="FIRESTORE_NATIVE",
            deletion_policy="ABANDON" if keep else "DELETE",
            delete_protection_state="DELETE_PROTECTION_ENABLED" if keep else "DELETE_PROTECTION_DISABLED",
            point_in_time_recovery_enablement="POINT_IN_TIME_RECOVERY_ENABLED",
            opts=self.child(gone),
        )
        self.name = self.database.name
        self.prefix = prefix
        if backup_days:
            firestore.BackupSchedule(
                name,
                database=self.database.name,
                retention=f"{backup_days * DAY}s",
                daily_recurrence=firestore.BackupScheduleDailyRecurrenceArgs(),
                opts=self.child(),
            )
        text = rules.read_text()
        self._rules(_of_tenant(text, tenant) if tenant else text, "" if database == "(default)" else f"/{database}")
        declared = json.loads(indexes.read_text())
        for index in declared["indexes"]:
            self._index(index)
        for override in declared["fieldOverrides"]:
            self._unindexed(override)
        self.register_outputs({})

    def _rules(self, text: str, suffix: str) -> None:
        ruleset = firebaserules.Ruleset(
            f"{self.prefix}firestore",
            source=firebaserules.RulesetSourceArgs(
                files=[firebaserules.RulesetSourceFileArgs(name="firestore.rules", content=text)]
            ),
            # The release outlives the stack, and what a release names cannot be deleted. Older ones stay as well, to
            # go back to; a project holds 2,500.
            deletion_policy="ABANDON",
            opts=self.child(self.database),
        )
        RulesRelease(
            f"{self.prefix}firestore",
            project=self.cloud.project,
            name=f"cloud.firestore{suffix}",
            ruleset=ruleset.name,
            opts=self.child(self.database),
        )

    def _index(self, index: dict[str, Any]) -> None:
        fields = [
            firestore.IndexFieldArgs(field_path=f["fieldPath"], order=f.get("order"), array_config=f.get("arrayConfig"))
            for f in index["fields"]
        ]
        firestore.Index(
            self.prefix + "-".join([index["collectionGroup"], *(f["fieldPath"] for f in index["fields"])]),
            database=self.database.name,
            collection=index["collectionGroup"],
            query_scope=index["queryScope"],
            fields=fields,
            opts=self.child(),
        )

    def _unindexed(self, override: dict[str, Any]) -> None:
        if override["indexes"]:
            raise ValueError(f"{override}: only an empty list of indexes can be declared for a field here")
        firestore.Field(
            f"{self.prefix}{override['collectionGroup']}-{override['fieldPath']}",
            database=self.database.name,
            collection=override["collectionGroup"],
            field=override["fieldPath"],
            index_config=firestore.FieldIndexConfigArgs(),
            ttl_config=firestore.FieldTtlConfigArgs() if override.get("ttl") else None,
            opts=self.child(),
        )


def _of_tenant(rules: str, tenant: str) -> str:
    """The rules, in which `own()` is the deployment's own tenant. Raises ValueError for rules without it."""
    if rules.count(OWN) != 1 or not re.fullmatch(r"[a-z0-9-]{1,63}", tenant):
        raise ValueError(f"tenant={tenant!r}: expected a-z, 0-9 and '-', and rules with one line {OWN!r}")
    return rules.replace(OWN, f"return '{tenant}';")
