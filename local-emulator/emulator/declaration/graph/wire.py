"""Pulumi's wire format of properties (a protobuf Struct), decoded: assets, secrets, unknown values.

The signatures are constants of Pulumi's protocol:
https://pulumi-developer-docs.readthedocs.io/latest/developer-docs/providers/wire-protocol.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .assets import Archive, FileAsset, StringAsset

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def secret(value: Any) -> dict[str, Any]:
    """`value` marked secret, as a resource's output carries it."""
    return {SIGNATURE: SECRET, "value": value}


@dataclass(slots=True)
class Decoder:
    """Decodes one resource's properties; relative paths are taken from `base`. Collects what it meets on the way."""

    base: Path
    secrets: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def properties(self, struct: Any) -> dict[str, Any]:
        """A resource's properties."""
        return {key: self._value(value, key) for key, value in sorted(struct.fields.items())}

    def _value(self, value: Any, path: str) -> Any:
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            return self._struct(value.struct_value, path)
        if kind == "list_value":
            return [self._value(item, f"{path}[{n}]") for n, item in enumerate(value.list_value.values)]
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        if kind == "string_value":
            if value.string_value == UNKNOWN:
                self.unknown.append(path)
            return value.string_value
        return value.bool_value if kind == "bool_value" else None

    def _struct(self, struct: Any, path: str) -> Any:
        fields = struct.fields
        signature = fields[SIGNATURE].string_value if SIGNATURE in fields else None
        if signature is None:
            return {key: self._value(value, f"{path}.{key}") for key, value in sorted(fields.items())}
        if signature == SECRET:
            self.secrets.append(path)
            return self._value(fields["value"], path)
        if signature == ASSET:
            return self._asset(fields)
        if signature == ARCHIVE:
            return self._archive(fields, path)
        if signature == REFERENCE:
            return fields["id"].string_value
        raise ValueError(f"{path}: a property with the unknown signature {signature}")

    def _asset(self, fields: Any) -> FileAsset | StringAsset:
        if "path" in fields:
            return FileAsset(self._path(fields))
        if "text" in fields:
            return StringAsset(fields["text"].string_value)
        raise ValueError("an asset that is neither a file nor text: remote assets are not used here")

    def _archive(self, fields: Any, path: str) -> Archive:
        if "path" in fields:
            root = self._path(fields)
            files = sorted(file for file in root.rglob("*") if file.is_file())
            return Archive({file.relative_to(root).as_posix(): FileAsset(file) for file in files})
        if "assets" not in fields:
            raise ValueError("an archive that is neither a folder nor a map of files: remote ones are not used here")
        entries: dict[str, FileAsset | StringAsset] = {}
        for name, value in sorted(fields["assets"].struct_value.fields.items()):
            entry = self._value(value, f"{path}.{name}")
            if isinstance(entry, Archive):
                entries |= {f"{name}/{inner}": asset for inner, asset in entry.entries.items()}
            else:
                entries[name] = entry
        return Archive(entries)

    def _path(self, fields: Any) -> Path:
        return (self.base / fields["path"].string_value).resolve()
