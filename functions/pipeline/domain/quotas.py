"""Quotas: limits of streams and of tenants, and what is used of them. A day is one of UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from .settings import load, setting

WARNED = 0.8
"""The share of a limit from which on it is said that it is nearly used up."""

MICROS = 1_000_000
"""Documents hold money in millionths of a dollar, which add up without rounding."""


@dataclass(frozen=True, slots=True)
class StreamQuota:
    """The limits of a stream in a day: hours of media, frames that are shown to paid providers, dollars for these and
    for transcripts."""

    media_hours_day: float = 200.0
    frames_day: int = 100_000
    usd_day: float = 200.0


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of a tenant: those of its streams together, bytes of media that come in a day, bytes of media that are
    kept, bytes that are uploaded in a day, and imports that run at once."""

    media_hours_day: float = 2_000.0
    media_bytes_day: int = 5_000_000_000_000
    stored_bytes: int = 50_000_000_000_000
    upload_bytes_day: int = 500_000_000_000
    imports_at_once: int = 10
    frames_day: int = 1_000_000
    usd_day: float = 1_000.0


Q = TypeVar("Q", Quota, StreamQuota)


@dataclass(frozen=True, slots=True)
class Use:
    """What a stream or a tenant has used: seconds and bytes of media, frames that paid providers saw, dollars.

    `stored_bytes` are those of a tenant's media that are kept now."""

    media_seconds: float = 0.0
    media_bytes: int = 0
    frames: int = 0
    usd: float = 0.0
    stored_bytes: int = 0

    def __add__(self, other: Use) -> Use:
        return Use(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


_PLAIN = "separated by commas, such as `usd_day=50,media_hours_day=24`: see [quotas](contracts.md#quotas)"


@dataclass(frozen=True, slots=True)
class Defaults:
    """The limits of those that have none of their own."""

    tenant: tuple[str, ...] = setting("TENANT_QUOTAS", f"limits of a tenant that has no others, {_PLAIN}", ())
    stream: tuple[str, ...] = setting("STREAM_QUOTAS", f"limits of a stream that has no others, {_PLAIN}", ())


@cache
def of_tenants() -> Quota:
    """The limits of a tenant that has none of its own. Raises ValueError if the setting is malformed."""
    return _set(Quota(), load(Defaults).tenant, "TENANT_QUOTAS")


@cache
def of_streams() -> StreamQuota:
    """The limits of a stream that has none of its own. Raises ValueError if the setting is malformed."""
    return _set(StreamQuota(), load(Defaults).stream, "STREAM_QUOTAS")


def prepare() -> None:
    """Fails at start if a setting is malformed."""
    of_tenants()
    of_streams()


def over(base: Q, fields: Mapping[str, Any]) -> Q:
    """`base` with those limits that `fields` names; others are ignored."""
    return replace(base, **{name: fields[name] for name in asdict(base) if fields.get(name) is not None})


def own(quota: Quota | StreamQuota) -> dict[str, Any]:
    """The limits that are not the deployment's, as documents hold them."""
    usual = asdict(of_tenants() if isinstance(quota, Quota) else of_streams())
    return {name: limit for name, limit in asdict(quota).items() if limit != usual[name]}


def day(now: datetime) -> datetime:
    """The beginning of the day that quotas count."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def next_day(now: datetime) -> datetime:
    """The time at which what is counted by the day begins at nought again."""
    return day(now) + timedelta(days=1)


def clock(time: datetime) -> str:
    """A time in a sentence."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def used_up(name: str, limit: str, now: datetime) -> str:
    """The sentence for what `name`, a stream or a tenant, may not do any more today."""
    return f"{name} has used up its {limit}: a new day begins at {clock(next_day(now))}"


def _set(base: Q, listed: tuple[str, ...], variable: str) -> Q:
    numbers: dict[str, Any] = {}
    for one in listed:
        name, _, text = one.partition("=")
        try:
            number = type(asdict(base)[name.strip()])(text)
        except (KeyError, ValueError):
            names = ", ".join(asdict(base))
            raise ValueError(f"invalid {variable}: {one!r}: expected NAME=NUMBER, NAME one of {names}") from None
        if not 0 <= number < float("inf"):
            raise ValueError(f"invalid {variable}: {one!r}: expected a number from 0 on")
        numbers[name.strip()] = number
    return replace(base, **numbers)
