"""Settings, read from the environment that infra/ declares; each is one field with its variable and its meaning.

A deployable declares a frozen dataclass of `setting(...)` fields and reads it with `load`. `load` raises ValueError
naming the variable that is missing or malformed: a deployable that lacks a variable fails at start, not at its first
event. `make docs` writes `declared()` to docs/settings.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")
_declared: set[Setting] = set()


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, its meaning (Markdown, seen from docs/), its default (None: required)."""

    variable: str
    help: str
    default: str | None


def setting(variable: str, help: str, default: Any = MISSING) -> Any:
    """A dataclass field that is read from `variable`. Without a default it is required."""
    _declared.add(Setting(variable, help, None if default is MISSING else _text(default)))
    metadata = {"variable": variable, "help": help}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def _text(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


def declared() -> tuple[Setting, ...]:
    """Every setting of the modules imported so far, by name; one that two deployables read differently stands twice."""
    return tuple(sorted(_declared, key=lambda setting: (setting.variable, setting.help)))


def load(cls: type[T], environ: Mapping[str, str] | None = None) -> T:
    """An instance of `cls` from the environment. Supports str, int, float, bool and tuple[str, ...] (commas)."""
    source = os.environ if environ is None else environ
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    for f in fields(cls):  # pyright: ignore[reportArgumentType]
        variable: str = f.metadata["variable"]
        text = source.get(variable, "")
        if text:
            values[f.name] = _parse(variable, text, hints[f.name])
        elif f.default is MISSING:
            raise ValueError(f"{variable} is not set: {f.metadata['help']}")
    return cls(**values)


def _parse(variable: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if kind in (int, float, str):
            return kind(text)
    except (ValueError, KeyError):
        raise ValueError(f"invalid {variable}={text!r}: expected a value of type {kind.__name__}") from None
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Common:
    """Settings of every deployable."""

    project: str = setting("GOOGLE_CLOUD_PROJECT", "the project's id")
    media_bucket: str = setting("MEDIA_BUCKET", "bucket of segments, playlists, frames and reference marks")
    database: str = setting("FIRESTORE_DATABASE", "Firestore database", "(default)")
    control_database: str = setting(
        "CONTROL_DATABASE",
        "Firestore database of keys, leases, quotas and the configuration; few workloads may use it",
        "control",
    )
    log_level: str = setting("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO")


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The tenants of a deployment."""

    own: str = setting("TENANT", "the deployment's own tenant, which streams and brands without one belong to", "main")


@dataclass(frozen=True, slots=True)
class Segments:
    """The bounds of the segments that are analysed."""

    largest: int = setting("SEGMENT_MAX_MIB", "largest segment that is sampled or transcribed, in MiB", 64)


def largest_segment() -> int:
    """The bytes of the largest segment that is analysed."""
    return load(Segments).largest << 20


def own_tenant() -> str:
    """The tenant whose members run the deployment."""
    return load(Tenancy).own
