"""Writes the types of the Python client's answers from the API's document (`make docs`).

Command: `python -m emulator.declaration.client_types`.
"""

from __future__ import annotations

import hashlib
import json
import keyword
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..paths import ROOT
from .page_types import DOCUMENT

TYPES = ROOT / "runner" / "media_analyzer" / "answers.py"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "JSON"}


def header(document: Path = DOCUMENT) -> str:
    """The first lines of the types: what they were made of. A test compares it."""
    return (
        '"""The shapes of answers, as the API\'s document has them.\n\n'
        f"Made of openapi.json by `make docs`: {hashlib.sha256(document.read_bytes()).hexdigest()}\n"
        '"""\n'
    )


def types(document: Mapping[str, Any]) -> str:
    """The shapes that answers hold, as Python."""
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    wanted = sorted(_answered(document))
    text = [
        header(),
        "from __future__ import annotations\n",
        "from collections.abc import Mapping, Sequence",
        "from typing import Any, Literal, NotRequired, TypedDict\n",
        "JSON = Mapping[str, Any]",
        *(f"{name} = {_type(schemas[name])}" for name in wanted if "properties" not in schemas[name]),
        "\n",
        *(_shape(name, schemas[name]) for name in wanted if "properties" in schemas[name]),
    ]
    return "\n".join(text)


def _answered(document: Mapping[str, Any]) -> set[str]:
    """The names of the schemas that answers are made of."""
    found: set[str] = set()
    seek: list[Any] = [
        operation["responses"]
        for item in document["paths"].values()
        for name, operation in item.items()
        if name != "parameters"
    ]
    while seek:
        for reference in _references(seek.pop()):
            kind, _, name = reference.removeprefix("#/components/").partition("/")
            if kind == "schemas" and name not in found:
                found.add(name)
                seek.append(document["components"]["schemas"][name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    fields = {
        field: _type(one) if field in required else f"NotRequired[{_type(one)}]"
        for field, one in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) for field in fields):
        inner = ", ".join(f'"{field}": {one!r}' for field, one in fields.items())
        return f'{name} = TypedDict("{name}", {{{inner}}})\n"""{_described(name, schema)}"""\n\n'
    body = "".join(f"    {field}: {one}\n" for field, one in fields.items())
    return f'class {name}(TypedDict):\n    """{_described(name, schema)}"""\n\n{body}\n'


def _described(name: str, schema: Mapping[str, Any]) -> str:
    return schema.get("description", name).strip().replace("\n\n", "\n\n    ")


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type({**schema, "type": one}) for one in kind)
    if kind == "array":
        inner = schema.get("items") or {"anyOf": schema.get("prefixItems", [])}
        return f"Sequence[{_type(inner)}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"Mapping[str, {_type(schema['additionalProperties'])}]"
    return _PLAIN.get(str(kind), "Any")


def main() -> int:
    """Writes the types, in the repository's format."""
    TYPES.write_text(types(json.loads(DOCUMENT.read_text())))
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "format", "--quiet", TYPES], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
