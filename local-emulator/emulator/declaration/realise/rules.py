"""Firestore: the databases and their security rules, in Google's Firestore emulator."""

from __future__ import annotations

import re
from typing import Any

from ...errors import Unrealisable
from ...rest import call
from ..graph import Resource
from .context import Context, Present


def rules(context: Context) -> list[Present]:
    """Loads the declared rules; the emulator compiles them, and a mistake in them is an error here.

    It has one set of rules for all databases: that of the one that is open to browsers, which opens no collection of
    the others. Raises Unrealisable where several are open.
    """
    rulesets = {ruleset.name: _files(ruleset) for ruleset in context.graph.of("gcp:firebaserules/ruleset:Ruleset")}
    opened = {name: files for name, files in rulesets.items() if not all(_closes(file["content"]) for file in files)}
    if len(opened) > 1:
        raise Unrealisable(f"rulesets {', '.join(opened)}: the Firestore emulator has one set of rules: expected one")
    for found in opened.values():
        files = [{"name": file["name"], "content": file["content"]} for file in found]
        path = f"/emulator/v1/projects/{context.project}:securityRules"
        call("PUT", context.addresses.firestore, path, {"rules": {"files": files}})
    return [Present(d.name, "database", d.outputs["name"]) for d in context.graph.of("gcp:firestore/database:Database")]


def _closes(rules: str) -> bool:
    """Whether rules say of everything that no browser may do it."""
    conditions = re.findall(r"allow [\w, ]+(?:: if ([^;]*))?;", rules)
    return bool(conditions) and all(condition.strip() == "false" for condition in conditions)


def _files(ruleset: Resource) -> list[dict[str, Any]]:
    files = ruleset.inputs.get("source", {}).get("files", [])
    if not files:
        raise Unrealisable(f"{ruleset.label}: it has no files")
    return files
