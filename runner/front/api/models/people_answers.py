"""The bodies of answers about people: members, sessions, share links, quotas, the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from pipeline.domain.people import Role

from .body import Amount, Body, Count, Next, Seconds, Time


class Person(Body):
    """A member, as the page greets one."""

    id: str
    email: str
    name: str
    tenant: str
    role: Role


class SignedIn(Body):
    """A session of the page."""

    token: Annotated[str, Meta(description="for signInWithCustomToken, once, within ten minutes")]
    member: Person


class Member(Person):
    """A member of a tenant."""

    created: Time | None
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]
    last_seen: Time | None


class MemberAnswer(Body):
    """One member."""

    member: Member


class MemberPage(Body):
    """Members of a tenant, in order of their ids."""

    members: list[Member]
    next: Next


class ShareLink(Body):
    """A link to a stream."""

    id: Annotated[str, Meta(description="the hash of its secret")]
    stream: str
    until: Time
    reports: Annotated[bool, Meta(description="whether it opens the stream's reports")]
    label: str
    created: Time
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]
    revoked: bool
    clip: Annotated[str | None, Meta(description="the only object that it opens, if it is a link to a clip")]


class CreatedShare(Body):
    """A new link; the page's address with `#share=` and the secret opens it."""

    share: ShareLink
    secret: str


class ShareList(Body):
    """The links of a stream, the newest first."""

    shares: list[ShareLink]


class RedeemedShare(Body):
    """What the secret of a link opens."""

    token: Annotated[str, Meta(description="for signInWithCustomToken, once, within ten minutes")]
    id: str
    stream: str
    until: Time
    reports: bool


class QuotaLimits(Body):
    """The limits of a tenant."""

    media_hours_day: Amount
    media_bytes_day: Count
    stored_bytes: Count
    upload_bytes_day: Count
    imports_at_once: Count
    frames_day: Count
    usd_day: Amount


class QuotaUse(Body):
    """What is used of them."""

    media_seconds_today: Seconds
    media_bytes_today: Count
    stored_bytes: Annotated[Count, Meta(description="of media that are kept now")]
    upload_bytes_today: Count
    imports_now: Count
    frames_today: Annotated[Count, Meta(description="that paid providers saw")]
    usd_today: Amount


class QuotaAnswer(Body):
    """The quotas of a tenant."""

    tenant: str
    limits: QuotaLimits
    used: QuotaUse
    day_ends: Annotated[Time, Meta(description="when what is counted by the day begins at 0")]


class StreamQuotaLimits(Body):
    """The limits of a stream."""

    media_hours_day: Amount
    frames_day: Count
    usd_day: Amount


class StreamQuotaUse(Body):
    """What is used of them."""

    media_seconds_today: Seconds
    frames_today: Annotated[Count, Meta(description="that paid providers saw")]
    usd_today: Amount


class Forecast(Body):
    """What the day will cost at the present pace."""

    usd_per_hour: Annotated[float, Meta(ge=0, description="the present pace")]
    usd_day: Annotated[float, Meta(ge=0, description="the whole day's, if there were no budget")]
    budget_at: Annotated[
        str | None,
        Meta(description="when the budget is reached; null: not today", extra_json_schema={"format": "date-time"}),
    ]


class StreamQuotaAnswer(Body):
    """The quotas of a stream."""

    stream: str
    tenant: str
    limits: StreamQuotaLimits
    used: StreamQuotaUse
    warned_from: Annotated[float, Meta(description="share of a limit from which on the page warns")]
    reached: Annotated[list[str], Meta(description="what is used up, of the stream or of its tenant, in words")]
    forecast: Annotated[Forecast | None, Meta(description="null: the stream is not on air")]
    day_ends: Annotated[Time, Meta(description="when what is counted by the day begins at 0")]


class AuditEntry(Body):
    """A change, or what asked for one."""

    id: str
    at: Time
    kind: Annotated[str, Meta(description="how the caller was known")]
    who: Annotated[str | None, Meta(description="the caller's id; null: the admin key")]
    action: Annotated[str, Meta(examples=["streams.rotate_key"])]
    target: Annotated[str, Meta(description="path of what was changed")]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    address: Annotated[str, Meta(description="the caller's")]
    request: Annotated[str | None, Meta(description="id of the request's trace")]


class AuditPage(Body):
    """Changes, the newest first."""

    entries: list[AuditEntry]
    next: Next
