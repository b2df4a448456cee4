"""Files that a declaration names, kept as paths: their contents are read when they are put somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FileAsset:
    """One file on this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class StringAsset:
    """Text that the program made."""

    text: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A tree of files, as it would be packed: `entries` by their path in it."""

    entries: dict[str, FileAsset | StringAsset]


Asset = FileAsset | StringAsset | Archive


def to_json(asset: Asset) -> dict[str, Any]:
    """A JSON object that `from_json` reads."""
    if isinstance(asset, FileAsset):
        return {"$file": str(asset.path)}
    if isinstance(asset, StringAsset):
        return {"$text": asset.text}
    return {"$archive": {name: to_json(entry) for name, entry in asset.entries.items()}}


def from_json(value: dict[str, Any]) -> Any:
    """An object hook: assets where `value` is one, `value` itself where not."""
    if "$file" in value:
        return FileAsset(Path(value["$file"]))
    if "$text" in value:
        return StringAsset(value["$text"])
    if "$archive" in value:
        return Archive(value["$archive"])
    return value
