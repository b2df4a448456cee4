"""Firestore: the databases and their security rules, in Google's Firestore emulator."""

from __future__ import annotations

from typing import Any

from ...errors import Unrealisable
from ...rest import call
from ..graph import Resource
from .context import Context, Present

RELEASE = "pulumi-python:dynamic/firebaserules:Release"


def rules(context: Context) -> list[Present]:
    """Loads the declared rules of each database; the emulator compiles them, and a mistake in them is an error here."""
    databases = {one.inputs["rulesetName"]: one.inputs["name"].partition("/")[2] for one in context.graph.of(RELEASE)}
    for ruleset in context.graph.of("gcp:firebaserules/ruleset:Ruleset"):
        files = [{"name": file["name"], "content": file["content"]} for file in _files(ruleset)]
        database = databases.get(ruleset.outputs.get("name"))
        of = f"/databases/{database}" if database else ""  # the project's are those of (default)
        path = f"/emulator/v1/projects/{context.project}{of}:securityRules"
        call("PUT", context.addresses.firestore, path, {"rules": {"files": files}})
    return [Present(d.name, "database", d.outputs["name"]) for d in context.graph.of("gcp:firestore/database:Database")]


def _files(ruleset: Resource) -> list[dict[str, Any]]:
    files = ruleset.inputs.get("source", {}).get("files", [])
    if not files:
        raise Unrealisable(f"{ruleset.label}: it has no files")
    return files
