"""The parameters of requests, in the path and in the query. Handlers read the query with these shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from pipeline.domain import names
from pipeline.domain.analysis import PROVIDER_NAME
from pipeline.domain.model import Kind
from pipeline.domain.providers import PROVIDERS
from pipeline.domain.shapes import must
from pipeline.reports.appearances import APPEARANCE_ID
from pipeline.reports.exchange.video_intelligence import Feature

from .people import TENANT

_ID = Annotated[str, Meta(pattern=rf"^{names.STREAM_ID}$")]

PATH: Mapping[str, Any] = {
    "stream": _ID,
    "session": Annotated[str, Meta(pattern=rf"^{names.SESSION_ID}$")],
    "brand": _ID,
    "name": Annotated[str, Meta(description="of a picture of the brand's mark", examples=["0123456789abcdef.png"])],
    "member": Annotated[str, Meta(pattern=rf"^{names.MEMBER_ID}$")],
    "clip": Annotated[str, Meta(pattern=rf"^{names.CLIP_ID}$")],
    "share": Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")],
    "provider": Annotated[str, Meta(pattern=PROVIDER_NAME, examples=[*PROVIDERS])],
    "correction": Annotated[str, Meta(pattern=rf"^{names.CORRECTION_ID}$")],
    "report": Annotated[str, Meta(pattern=rf"^{names.REPORT_ID}$")],
    "evidence": Annotated[str, Meta(pattern=rf"^{names.EVIDENCE}$")],
    "rule": Annotated[str, Meta(pattern=rf"^{names.RULE_ID}$")],
    "channel": Annotated[str, Meta(pattern=rf"^{names.CHANNEL_ID}$")],
    "alert": Annotated[str, Meta(pattern=rf"^{names.ALERT_ID}$")],
    "letter": Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.~+%-]{2,254}-[0-9a-f]{24}$")],
}
"""The shapes of the parts of a path, by name. Handlers check them, most with `pipeline.domain.names`."""

MediaTime = Annotated[float, must("be seconds of media time, from 0 on", ge=0, lt=names.MAX_SESSION_SECONDS)]

Beginning = Annotated[MediaTime, Meta(description="media time in seconds")] | UnsetType
End = Annotated[MediaTime, Meta(description="media time in seconds; without it: to the end")] | UnsetType


def _after(pattern: str) -> Meta:
    """The id after which a page begins."""
    return must(
        "be the 'next' of the page before", pattern=rf"^{pattern}(?!\n)$", description="`next` of the page before"
    )


class Limit(Struct):
    """The most items of one answer."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class Page(Limit):
    """A page of a list of streams or brands."""

    after: Annotated[str, _after(names.STREAM_ID)] | UnsetType = UNSET


class PageOfSessions(Limit):
    """A page of sessions."""

    after: Annotated[str, _after(names.SESSION_ID)] | UnsetType = UNSET


class PageOfClips(Limit):
    """A page of clips."""

    after: Annotated[str, _after(names.CLIP_ID)] | UnsetType = UNSET


class PageOfMembers(Limit, kw_only=True):
    """A page of members."""

    after: Annotated[str, _after(names.MEMBER_ID)] | UnsetType = UNSET
    tenant: (
        Annotated[str, must("be a tenant's id", pattern=TENANT, description="another tenant, for those who run this")]
        | UnsetType
    ) = UNSET


class OfTenant(Struct, kw_only=True):
    """The tenant that is meant."""

    tenant: (
        Annotated[str, must("be a tenant's id", pattern=TENANT, description="another tenant, for those who run this")]
        | UnsetType
    ) = UNSET


class PageOfAudit(Limit):
    """A page of the audit."""

    after: Annotated[str, _after(names.AUDIT_ID)] | UnsetType = UNSET


class Notice(Struct):
    """When running streams notice a change."""

    notice: Annotated[
        Literal["now", "later"],
        must(
            "be now or later",
            description="`later`: running streams notice it with the next change that says `now`, after 30 s at the "
            "latest. For many changes in a row, all but the last",
        ),
    ] = "now"


class MediaRange(Struct, kw_only=True):
    """A range of media time, and the kind of label that is reported."""

    kind: Kind = Kind.LOGO
    start: Beginning = field(default=UNSET, name="from")
    end: End = field(default=UNSET, name="to")


class KindPage(Limit, kw_only=True):
    """A page of appearances of one kind of label."""

    after: Annotated[str, _after(APPEARANCE_ID)] | UnsetType = UNSET
    kind: Kind = Kind.LOGO


class MediaPart(Struct, kw_only=True):
    """A range of media time."""

    start: Beginning = field(default=UNSET, name="from")
    end: End = field(default=UNSET, name="to")


class AnnotatedPart(MediaPart, kw_only=True):
    """What is wanted of a session's results, in the words of Video Intelligence."""

    features: (
        Annotated[
            str,
            Meta(
                max_length=200,
                description=f"separated by commas: {', '.join(f'`{one}`' for one in Feature)}; all without",
                examples=["LOGO_RECOGNITION,SHOT_CHANGE_DETECTION"],
            ),
        ]
        | UnsetType
    ) = UNSET


class PageOfFrames(Limit, kw_only=True):
    """A page of sampled frames."""

    after: Annotated[str, _after(r"[0-9]{10}")] | UnsetType = UNSET
    start: Beginning = field(default=UNSET, name="from")
    end: End = field(default=UNSET, name="to")


class PageOfFound(Limit, kw_only=True):
    """A page of what was found, of one kind or of all, of one label or of all."""

    after: Annotated[str, _after(APPEARANCE_ID)] | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    label: Annotated[str, Meta(max_length=1000, description="as it is written in results")] | UnsetType = UNSET
    start: Beginning = field(default=UNSET, name="from")
    end: End = field(default=UNSET, name="to")


class PageOfWords(Limit, kw_only=True):
    """A page of a transcript: so many segments."""

    after: Annotated[str, _after(r"[0-9]{8}")] | UnsetType = UNSET


class Rotation(Struct):
    """How a stream's key is replaced."""

    grace_hours: Annotated[
        float, Meta(ge=0, le=168, description="for which the key before is good too; 24 lets encoders change over")
    ] = 0.0
    expires: (
        Annotated[
            datetime,
            must("be a date and time of RFC 3339, with its zone", tz=True, description="when the new key ends"),
        ]
        | UnsetType
    ) = UNSET
    stop: Annotated[bool, Meta(description="disconnects the publisher, who may hold the old key")] = False


class Signature(Struct):
    """The headers that sign an announcement."""

    timestamp: Annotated[str, Meta(description="seconds since 1970")] = field(name="X-Timestamp")
    signature: Annotated[str, Meta(description="sha256=HMAC-SHA256(secret, TIMESTAMP.BODY), hexadecimal")] = field(
        name="X-Signature"
    )
