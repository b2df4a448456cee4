"""Firestore: the database, who may read it from a browser, and what it indexes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pulumi_gcp import firebaserules, firestore

from .cloud import Cloud, Component


class Database(Component):
    """A Firestore database in native mode with its rules and indexes.

    `indexes` has the format of the Firebase CLI's firestore.indexes.json: `indexes`, and `fieldOverrides` with an empty
    list of indexes for fields that nobody queries by; `ttl` where a document goes at the time that the field says.
    """

    def __init__(self, name: str, cloud: Cloud, *, database: str, rules: Path, indexes: Path, keep: bool) -> None:
        """`database` is its id. `keep`: destroying the stack leaves it."""
        super().__init__(name, cloud)
        self.database = firestore.Database(
            name,
            name=database,
            location_id=cloud.region,
            type="FIRESTORE_NATIVE",
            deletion_policy="ABANDON" if keep else "DELETE",
            opts=self.child(),
        )
        self.name = self.database.name
        self._rules(rules.read_text(), "" if database == "(default)" else f"/{database}")
        declared = json.loads(indexes.read_text())
        for index in declared["indexes"]:
            self._index(index)
        for override in declared["fieldOverrides"]:
            self._unindexed(override)
        self.register_outputs({})

    def _rules(self, text: str, suffix: str) -> None:
        ruleset = firebaserules.Ruleset(
            "firestore",
            source=firebaserules.RulesetSourceArgs(
                files=[firebaserules.RulesetSourceFileArgs(name="firestore.rules", content=text)]
            ),
            opts=self.child(self.database),
        )
        firebaserules.Release(
            "firestore", name=f"cloud.firestore{suffix}", ruleset_name=ruleset.name, opts=self.child(self.database)
        )

    def _index(self, index: dict[str, Any]) -> None:
        fields = [
            firestore.IndexFieldArgs(field_path=f["fieldPath"], order=f.get("order"), array_config=f.get("arrayConfig"))
            for f in index["fields"]
        ]
        firestore.Index(
            "-".join([index["collectionGroup"], *(f["fieldPath"] for f in index["fields"])]),
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
            f"{override['collectionGroup']}-{override['fieldPath']}",
            database=self.database.name,
            collection=override["collectionGroup"],
            field=override["fieldPath"],
            index_config=firestore.FieldIndexConfigArgs(),
            ttl_config=firestore.FieldTtlConfigArgs() if override.get("ttl") else None,
            opts=self.child(),
        )
