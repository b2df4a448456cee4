"""The types of acting on what is seen: rules, the alerts that they fire, channels, and the deliveries to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class ChannelKind(StrEnum):
    """Where a channel leads."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"


class DeliveryState(StrEnum):
    """State of a delivery."""

    PENDING = "pending"  # on its way for the first time, or sent again by an operator
    RETRYING = "retrying"  # refused, or not answered; Pub/Sub brings it again
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a rule holds: on `days` (0 is Monday), from `start` to before `end`, on the clocks of `zone`.

    An `end` before `start` is on the next day.
    """

    days: tuple[int, ...]
    start: time
    end: time
    zone: str

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        local = at.astimezone(ZoneInfo(self.zone))
        now, day = local.time(), local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= now < self.end
        return (day in self.days and now >= self.start) or ((day - 1) % 7 in self.days and now < self.end)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a tenant, for one stream or for all of them (`stream` None).

    `what` has the shape of one of the kinds of `pipeline.rules.kinds`. It looks at what is shown from `since` on, which
    moves with each change of what it looks for, as does `revision`. `cooldown`: seconds between two of its alerts of a
    stream, at least.
    """

    id: str
    tenant: str
    name: str
    what: Mapping[str, Any]
    stream: str | None = None
    enabled: bool = True
    cooldown: float = 60.0
    schedule: Schedule | None = None
    channels: tuple[str, ...] = ()
    revision: int = 1
    since: datetime | None = None
    created_by: str | None = None

    def alert(self, stream: str, session: str, episode: str) -> str:
        """The id of its alert of an episode: however often that is seen, it is one alert."""
        about = "\n".join((self.id, str(self.revision), stream, session, episode))
        return f"a{hashlib.sha256(about.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule fired: at `at`, the program date time of `media_time` (s). `snapshot` is the object of a frame."""

    id: str
    rule: str
    rule_name: str
    revision: int
    kind: str
    tenant: str
    stream: str
    session: str
    at: datetime
    media_time: float
    text: str
    facts: Mapping[str, Any]
    snapshot: str | None
    created: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alerts go. `address` and `secret` are sealed; `shown` is what people may read of the address."""

    id: str
    tenant: str
    name: str
    kind: ChannelKind
    shown: str
    address: str = field(repr=False)
    secret: str | None = field(repr=False, default=None)
    created: datetime | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert on its way to a channel. `status`: the last answer's; `error`: why it was not delivered last."""

    alert: str
    channel: str
    tenant: str
    state: DeliveryState
    attempts: int = 0
    status: int | None = None
    error: str | None = None
    updated: datetime | None = None
    replays: int = 0
