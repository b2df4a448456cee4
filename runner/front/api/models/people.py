"""The bodies of requests about people: members, share links, and quotas of tenants."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from pipeline.domain import names
from pipeline.domain.people import Role
from pipeline.domain.shapes import must

PersonName = Annotated[str, Meta(max_length=200, description="as others see it")]
Email = Annotated[
    str,
    must(
        "be an e-mail address, such as ann@example.com",
        min_length=3,
        max_length=254,
        pattern=rf"^\s*{names.EMAIL}\s*$",
    ),
]
TENANT = rf"^{names.STREAM_ID}(?!\n)$"


class NewMember(Struct, forbid_unknown_fields=True):
    """Of POST /members."""

    email: Email
    role: Role
    name: PersonName = ""
    tenant: (
        Annotated[str, must("be a tenant's id", pattern=TENANT, description="another tenant, for those who run this")]
        | None
    ) = None


class MemberChange(Struct, forbid_unknown_fields=True):
    """Of PATCH /members/{member}: what is left out stays."""

    role: Role | UnsetType = UNSET
    name: PersonName | UnsetType = UNSET


Hours = Annotated[float, Meta(ge=0, le=10**6, description="hours of media a day")] | None | UnsetType
Bytes = Annotated[int, Meta(ge=0, le=10**15)] | None | UnsetType
Frames = (
    Annotated[int, Meta(ge=0, le=10**9, description="frames a day that are shown to paid providers")] | None | UnsetType
)
Dollars = Annotated[float, Meta(ge=0, le=10**6, description="US dollars a day")] | None | UnsetType


class QuotaChange(Struct, forbid_unknown_fields=True):
    """Of PATCH /quotas: what is left out stays; null is the deployment's own limit again."""

    tenant: (
        Annotated[str, must("be a tenant's id", pattern=TENANT, description="without it: the deployment's own")] | None
    ) = None
    media_hours_day: Hours = UNSET
    media_bytes_day: Bytes = UNSET
    stored_bytes: Bytes = UNSET
    upload_bytes_day: Bytes = UNSET
    imports_at_once: Annotated[int, Meta(ge=0, le=1000)] | UnsetType | None = UNSET
    frames_day: Frames = UNSET
    usd_day: Dollars = UNSET


class StreamQuotaChange(Struct, forbid_unknown_fields=True):
    """Of PATCH /streams/{stream}/quotas: what is left out stays; null is the deployment's own limit again."""

    media_hours_day: Hours = UNSET
    frames_day: Frames = UNSET
    usd_day: Dollars = UNSET


class NewShare(Struct, forbid_unknown_fields=True):
    """Of POST /streams/{stream}/shares."""

    until: Annotated[datetime, must("be a date and time of RFC 3339, with its zone", tz=True)]
    reports: Annotated[bool, Meta(description="whether it opens the stream's reports")] = False
    label: Annotated[str, Meta(max_length=200, description="for those who manage the links")] = ""


class Redeemed(Struct, forbid_unknown_fields=True):
    """Of POST /shares/redeem."""

    secret: Annotated[str, must("be the secret of a share link", min_length=1, max_length=200)]
