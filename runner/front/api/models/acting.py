"""The bodies and the queries of requests about rules, channels and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from pipeline.detection.service.sealed import MOST
from pipeline.domain import names
from pipeline.domain.acting import ChannelKind
from pipeline.domain.shapes import must
from pipeline.rules.kinds import KINDS

from .parameters import Limit

Name = Annotated[str, must("be a string of 1 to 100 characters", min_length=1, max_length=100)]
What = Annotated[
    Mapping[str, Any],
    Meta(
        description="what is looked for: `kind` says which fields there are",
        extra_json_schema={"oneOf": [{"$ref": f"#/components/schemas/{kind.__name__}"} for kind in KINDS.values()]},
    ),
]
Stream = Annotated[str, must("be a stream's id", pattern=rf"^{names.STREAM_ID}(?!\n)$")]
Cooldown = Annotated[
    float, must("be a number from 10 to 86400", ge=10, le=86_400, description="least seconds between two alerts")
]
Channels = Annotated[
    list[Annotated[str, must("be a channel's id", pattern=rf"^{names.CHANNEL_ID}(?!\n)$")]],
    must("be a list of at most 10 channels", max_length=10),
]
Clock = Annotated[str, must("be a time such as 09:30", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](?!\n)$")]


class RuleSchedule(Struct, forbid_unknown_fields=True):
    """When a rule holds."""

    days: Annotated[
        list[Annotated[int, Meta(ge=0, le=6)]],
        must("be a list of days, 0 (Monday) to 6", min_length=1, max_length=7),
    ]
    start: Clock = field(name="from")
    end: Annotated[Clock, Meta(description="before `from`: on the next day")] = field(name="to")
    zone: Annotated[str, must("be a time zone, such as Europe/Berlin", max_length=60)] = "UTC"


class NewRule(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /rules."""

    name: Name
    what: What
    stream: Annotated[Stream, Meta(description="null: all streams of the tenant")] | None = None
    enabled: bool = True
    cooldown: Cooldown = 60.0
    schedule: RuleSchedule | None = None
    channels: Channels = []


class RuleChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of PATCH /rules/{rule}: what is left out stays."""

    name: Name | UnsetType = UNSET
    what: What | UnsetType = UNSET
    stream: Annotated[Stream, Meta(description="null: all streams of the tenant")] | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    cooldown: Cooldown | UnsetType = UNSET
    schedule: RuleSchedule | UnsetType | None = UNSET
    channels: Channels | UnsetType = UNSET


class RuleTest(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /rule-tests."""

    what: What
    stream: Stream | None = None
    cooldown: Cooldown = 60.0
    schedule: RuleSchedule | None = None
    hours: Annotated[float, must("be a number from 1 to 168", ge=1, le=168, description="of the past")] = 24.0


class NewChannel(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /channels."""

    name: Name
    kind: ChannelKind
    address: Annotated[str, must(f"be an address of at most {MOST} characters", min_length=1, max_length=MOST)]


class AlertChange(Struct, forbid_unknown_fields=True):
    """Of PATCH /alerts/{alert}."""

    kept: Annotated[bool, Meta(description="whether it stays when its media go")]


class PageOfAlerts(Limit, kw_only=True):
    """A page of alerts."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    stream: Stream | UnsetType = UNSET
    rule: Annotated[str, must("be a rule's id", pattern=rf"^{names.RULE_ID}(?!\n)$")] | UnsetType = UNSET
    before: (
        Annotated[
            datetime,
            must("be the 'next' of the page before", tz=True, description="`next` of the page before"),
        ]
        | UnsetType
    ) = UNSET


SchemaName = Literal["alert.v1.json"]
