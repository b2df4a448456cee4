"""Settings of the deployment: `pulumi config set NAME VALUE`. Only `gcp:project` must be set.

Each is one field, with its name, its meaning and its default. `declared()` lists them for the documentation.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

import pulumi

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `default` is None where it is derived or absent. `secret`: set it with `--secret`."""

    name: str
    help: str
    default: str | None
    secret: bool


def setting(name: str, help: str, default: Any = None, *, secret: bool = False) -> Any:
    """A dataclass field that is read from the stack's configuration."""
    return field(default=default, metadata={"setting": Setting(name, help, _text(default), secret)})


def _text(default: Any) -> str | None:
    if default is None:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment. Retention is in days, times in seconds."""

    region: str = setting("region", "where everything runs and is stored", "europe-west1")
    database: str = setting("database", "Firestore database; a project has one '(default)'", "(default)")
    keep_data: bool = setting("keepData", "`pulumi destroy` leaves the database and the buckets with objects", False)
    segment_days: int = setting("segmentDays", "days until segments and playlists are deleted", 7)
    frame_days: int = setting("frameDays", "days until sampled frames are deleted", 30)
    upload_days: int = setting("uploadDays", "days until uploaded files are deleted", 7)
    web_origins: tuple[str, ...] = setting(
        "webOrigins", "origins of pages that may use the API, ingest and the media, with commas", ("*",)
    )
    site_dir: str = setting("siteDir", "folder of the built site, relative to infra/", "../web/dist")
    admin_key: pulumi.Output[str] | None = setting(
        "adminKey", "key of the stream API; without it one is made and kept in the stack", secret=True
    )
    ingest_image: str | None = setting("ingestImage", "a ready ingest image; without it one is built and pushed")
    ingest_max_instances: int = setting("ingestMaxInstances", "at most so many ingest containers", 4)
    max_instances: int = setting("functionMaxInstances", "at most so many instances of each function", 20)
    delivery_attempts: int = setting("deliveryAttempts", "deliveries until an event becomes a dead letter, 5 to 100", 5)
    retry_min_seconds: int = setting(
        "retryMinSeconds", "wait before an event is delivered again, doubled each time", 10
    )
    retry_max_seconds: int = setting("retryMaxSeconds", "longest wait before an event is delivered again", 120)
    storage_endpoint: str = setting(
        "storageEndpoint",
        "where browsers read objects; the local stack names its own",
        "https://storage.googleapis.com",
    )
    firestore_emulator: str | None = setting(
        "firestoreEmulator", "HOST:PORT that browsers use instead of Firestore; for the local stack"
    )


def declared() -> tuple[Setting, ...]:
    """Every setting, in the order of the dataclass."""
    return tuple(f.metadata["setting"] for f in fields(Settings))


def load(config: pulumi.Config | None = None) -> Settings:
    """The stack's settings. Raises ValueError naming one that is malformed."""
    source = config or pulumi.Config()
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for f in fields(Settings):
        described: Setting = f.metadata["setting"]
        value = source.get_secret(described.name) if described.secret else source.get(described.name)
        if value is not None and value != "":
            values[f.name] = _parse(described.name, value, hints[f.name])
        elif f.default is MISSING:
            raise ValueError(f"{described.name} is not set: {described.help}")
    return Settings(**values)


def _parse(name: str, value: Any, kind: Any) -> Any:
    if not isinstance(value, str) or kind in (str, str | None):
        return value
    try:
        if kind is bool:
            return {"true": True, "false": False}[value.lower()]
        if kind is int:
            return int(value)
    except (ValueError, KeyError):
        raise ValueError(f"{name}={value!r} is no {kind.__name__}") from None
    return tuple(part.strip() for part in value.split(",") if part.strip())
