"""The bodies of requests. Handlers read them, and the OpenAPI document describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from pipeline.domain.analysis import Kinds, Settings, Share, StreamSettings
from pipeline.domain.names import MAX_SESSION_SECONDS, MEMBER_ID, STREAM_ID
from pipeline.domain.people import Visibility
from pipeline.domain.shapes import must

_WORDS = "be a list of at most 50 strings of 1 to 200 characters"

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", description="not only spaces")]
Id = Annotated[
    str,
    Meta(
        description="1 to 63 of a-z, 0-9 and -; without it one is made of the name",
        extra_json_schema={"pattern": f"^{STREAM_ID}$"},
    ),
]
Word = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Words = Annotated[list[Word], must(_WORDS, max_length=50)]
Seconds = Annotated[float, must("be seconds of media time, from 0 on", ge=0, lt=MAX_SESSION_SECONDS)]


Viewers = Annotated[
    list[Annotated[str, must("be a member's id", pattern=rf"^{MEMBER_ID}(?!\n)$")]],
    must("be a list of at most 500 ids of members", max_length=500),
]


class NewStream(Struct, forbid_unknown_fields=True):
    """Of POST /streams."""

    name: Name
    id: Id | None = None
    settings: StreamSettings | UnsetType = UNSET
    visibility: Annotated[Visibility, Meta(description="who may see it")] | UnsetType = UNSET
    viewers: Annotated[Viewers, Meta(description="members who may see it besides")] | UnsetType = UNSET


class StreamChange(Struct, forbid_unknown_fields=True):
    """Of PATCH /streams/{stream}. Settings are replaced as a whole."""

    name: Name | UnsetType = UNSET
    settings: StreamSettings | UnsetType = UNSET
    visibility: Annotated[Visibility, Meta(description="who may see it")] | UnsetType = UNSET
    viewers: Annotated[Viewers, Meta(description="members who may see it besides")] | UnsetType = UNSET


class BrandFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """What both bodies of brands may have."""

    aliases: Annotated[Words, Meta(description="what else it is called")] | UnsetType = UNSET
    prompts: Annotated[Words, Meta(description="what CLIP compares pictures with")] | UnsetType = UNSET
    threshold: Annotated[Share, Meta(description="its own; null: that of its stream")] | UnsetType | None = UNSET
    enabled: Annotated[bool, Meta(description="whether it is looked for")] | UnsetType = UNSET


class NewBrand(BrandFields, kw_only=True):
    """Of POST /brands."""

    name: Name
    id: Id | None = None


class BrandChange(BrandFields, kw_only=True):
    """Of PATCH /brands/{brand}: what is left out stays."""

    name: Name | UnsetType = UNSET


class AnalysisChange(Settings):
    """Of PATCH /config/analysis, a merge patch (RFC 7396): objects are merged, and null takes a field away."""


class Range(Struct, forbid_unknown_fields=True):
    """Of POST /streams/{stream}/sessions/{session}/analyses: a range of media time that is analysed again."""

    start: Annotated[Seconds, Meta(description="without it: from the beginning")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Seconds, Meta(description="without it: to the end")] | None = field(default=None, name="to")
    kinds: Annotated[Kinds, Meta(description="none: those that the stream looks for")] = []
    id: (
        Annotated[
            str,
            must(
                "be 1 to 64 letters and digits: the id of the request that this goes on with",
                pattern=r"^[A-Za-z0-9]{1,64}(?!\n)$",
                description="of the request that this goes on with",
            ),
        ]
        | None
    ) = None


class Preview(Struct, forbid_unknown_fields=True):
    """Of POST /streams/{stream}/sessions/{session}/preview."""

    media_ms: Annotated[
        int,
        must(
            "be a frame's media time in whole milliseconds",
            ge=0,
            lt=MAX_SESSION_SECONDS * 1000,
            description="a frame's media time",
        ),
    ]


class NewUpload(Struct, forbid_unknown_fields=True):
    """Of POST /streams/{stream}/uploads."""

    name: Annotated[str, must("be the file's name, 1 to 1000 characters", min_length=1, max_length=1000, pattern=r"\S")]
    size: Annotated[int, must("be the file's size in bytes, a whole number from 1", ge=1, description="bytes")]
    content_type: (
        Annotated[
            str,
            must(
                "be a media type, such as video/mp4",
                pattern=r"^[ -~]*(?!\n)$",
                description="video/…, application/mp4 or application/mxf; application/octet-stream if it is unknown",
            ),
        ]
        | None
    ) = None
    fingerprint: (
        Annotated[
            str,
            must(
                "be 64 digits of 0-9 and a-f",
                pattern=r"^[0-9a-f]{64}(?!\n)$",
                description="a digest of the file, by which its sender goes on after an interruption",
            ),
        ]
        | None
    ) = None


class Letters(Struct, forbid_unknown_fields=True):
    """Of POST /dead-letters/retry: which letters are sent again; all, unless it says which."""

    topic: (
        Annotated[str, must("be a string, such as 'live-frames'", min_length=1, description="without its project")]
        | None
    ) = None
    error: (
        Annotated[
            str,
            must("be a string, such as 'QuotaExceeded'", min_length=1, description="such as `QuotaExceeded`"),
        ]
        | None
    ) = None


Text = Annotated[str, must("be a string", min_length=1)]


class Ended(Struct, forbid_unknown_fields=True):
    """Of POST /events/segments: a session has ended."""

    stream: Text
    session: Text
    ended: Literal[True]


class Announced(Struct, forbid_unknown_fields=True):
    """Of POST /events/segments: a segment."""

    stream: Text
    session: Annotated[str, must("be a string", min_length=1, description="the store's own id for the session")]
    sequence: Annotated[
        int, must("be a whole number from 0 to 99999999: segments count from 0 within a session", ge=0, le=99_999_999)
    ]
    media_time: Annotated[float, Meta(ge=0, le=MAX_SESSION_SECONDS)]
    duration: Annotated[float, Meta(ge=0.001, le=12)]
    program_date_time: Annotated[datetime, must("be a date and time of RFC 3339, with its zone", tz=True)]
    url: Annotated[str, must("be a string", min_length=1, extra_json_schema={"format": "uri"})]
    discontinuity: bool = False
    ended: Literal[False] = False
