"""Firestore: the database and its security rules, in Google's Firestore emulator."""

from __future__ import annotations

from typing import Any

from ...errors import Unrealisable
from ...rest import call
from ..graph import Resource
from .context import Context, Present


def rules(context: Context) -> list[Present]:
    """Loads the declared rules; the emulator compiles them, and a mistake in them is an error here."""
    for ruleset in context.graph.of("gcp:firebaserules/ruleset:Ruleset"):
        files = [{"name": file["name"], "content": file["content"]} for file in _files(ruleset)]
        path = f"/emulator/v1/projects/{context.project}:securityRules"
        call("PUT", context.addresses.firestore, path, {"rules": {"files": files}})
    return [Present(d.name, "database", d.outputs["name"]) for d in context.graph.of("gcp:firestore/database:Database")]


def _files(ruleset: Resource) -> list[dict[str, Any]]:
    files = ruleset.inputs.get("source", {}).get("files", [])
    if not files:
        raise Unrealisable(f"{ruleset.label}: it has no files")
    return files
