"""The bodies of answers about rules, channels, alerts and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from pipeline.domain.acting import ChannelKind, DeliveryState

from .acting import RuleSchedule, What
from .body import Body, Count, MediaTime, Seconds, Time


class Rule(Body):
    """A rule."""

    id: str
    name: str
    what: What
    stream: str | None
    enabled: bool
    cooldown: Seconds
    schedule: RuleSchedule | None
    channels: list[str]
    revision: Annotated[int, Meta(ge=1, description="rises with what it looks for")]
    since: Annotated[Time | None, Meta(description="from when on it looks")]


class RuleAnswer(Body):
    """A rule."""

    rule: Rule


class RuleList(Body):
    """All rules of the tenant."""

    rules: list[Rule]


class PastFiring(Body):
    """What a rule would have fired for."""

    stream: str
    session: str
    at: Time
    media_time: MediaTime
    text: str
    snapshot: str | None


class PastAnswer(Body):
    """What a rule would have fired for in the past."""

    fired: list[PastFiring]
    seconds: Annotated[Seconds, Meta(description="of media that were looked at")]
    sessions: Count
    more: Annotated[bool, Meta(description="whether there are sessions that were not looked at")]


class Channel(Body):
    """Where alerts go."""

    id: str
    name: str
    kind: ChannelKind
    shown: Annotated[str, Meta(description="what may be read of its address")]


class CreatedChannel(Body):
    """A channel and its secret."""

    channel: Channel
    secret: Annotated[
        str | None, Meta(description="of a webhook: what its messages are signed with; never shown again")
    ]


class ChannelList(Body):
    """All channels of the tenant."""

    channels: list[Channel]


class Delivery(Body):
    """An alert on its way to a channel."""

    channel: str
    state: DeliveryState
    attempts: Count
    status: Annotated[int | None, Meta(description="of the last answer")]
    error: str | None
    updated: Time | None


class Alert(Body):
    """What a rule fired for."""

    id: str
    rule: str
    rule_name: str
    kind: str
    stream: str
    session: str
    at: Time
    media_time: MediaTime
    text: str
    facts: Mapping[str, Any]
    snapshot: Annotated[str | None, Meta(description="object of a frame, to be read through a grant of the stream")]
    created: Time
    kept: bool
    deliveries: list[Delivery]


class AlertAnswer(Body):
    """An alert."""

    alert: Alert


class AlertPage(Body):
    """A page of alerts, the newest first."""

    alerts: list[Alert]
    next: Annotated[str | None, Meta(description="`before` of the next page")]
