"""Writes the page's types and limits of the API from its document (`make docs`). npm fetches the tool for the types;
the page never loads it.

Command: `python -m emulator.declaration.page_types`.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..paths import ROOT

DOCUMENT = ROOT / "runner" / "front" / "api" / "openapi.json"
TYPES = ROOT / "web" / "src" / "data" / "api" / "types.ts"
LIMITS = TYPES.with_name("limits.ts")
TOOL = "openapi-typescript@7.13.0"
TYPING = ("openapi-typescript", "--immutable", "--default-non-nullable=false")
COMPILER = "typescript@5.9.3"  # the tool needs its JavaScript API, which the page's compiler (7) does not have


def header(document: Path = DOCUMENT) -> str:
    """The first line of the types: what they were made of. A test compares it."""
    return f"// Made of openapi.json by `make docs`: {hashlib.sha256(document.read_bytes()).hexdigest()}\n"


def limits(document: Mapping[str, Any]) -> str:
    """The limits of each field that a request's body may have, as TypeScript."""
    schemas = document["components"]["schemas"]
    operations = [one for item in document["paths"].values() for name, one in item.items() if name != "parameters"]
    names = {
        option["$ref"].rpartition("/")[2]
        for one in operations
        for schema in [one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})]
        for option in schema.get("oneOf", [schema])
        if "$ref" in option
    }
    found = {
        name: {field: limits for field, schema in schemas[name]["properties"].items() if (limits := _limits(schema))}
        for name in sorted(names)
    }
    text = json.dumps({name: fields for name, fields in found.items() if fields}, indent=2)
    return f"{header()}\n/** Limits of the fields of requests. */\nexport const LIMITS = {text} as const\n"


def _limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The limits of one field; of one that may be null, those of its value."""
    schema = next((one for one in schema.get("anyOf", ()) if one != {"type": "null"}), schema)
    own = {key: schema[key] for key in ("maxLength", "maxItems", "minimum", "maximum", "pattern") if key in schema}
    inner = _limits(schema["items"]) if "items" in schema else {}
    return own | ({"items": inner} if inner else {})


def main() -> int:
    """Writes both files."""
    command = ["npx", "--yes", "-p", TOOL, "-p", COMPILER, *TYPING, str(DOCUMENT)]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    TYPES.write_text(header() + made.stdout)
    LIMITS.write_text(limits(json.loads(DOCUMENT.read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
