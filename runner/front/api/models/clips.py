"""The body of a request for a clip."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from pipeline.domain.clips import LONGEST_ROLL, Cut
from pipeline.domain.model import Kind
from pipeline.domain.shapes import must
from pipeline.reports.appearances import APPEARANCE_ID

from .parameters import Beginning, MediaTime

Roll = Annotated[float, must(f"be seconds from 0 to {LONGEST_ROLL:.0f}", ge=0, le=LONGEST_ROLL)]


class NewClipShare(Struct, forbid_unknown_fields=True):
    """Of POST /streams/{stream}/clips/{clip}/shares."""

    until: Annotated[datetime, must("be a date and time of RFC 3339, with its zone", tz=True)]


class NewClip(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /streams/{stream}/sessions/{session}/clips. `kind` is that of the appearance, the label and the boxes."""

    start: Beginning = field(default=UNSET, name="from")
    end: Annotated[MediaTime, Meta(description="media time in seconds")] | UnsetType = field(default=UNSET, name="to")
    appearance: (
        Annotated[
            str,
            must("be the id of an appearance", pattern=rf"^{APPEARANCE_ID}(?!\n)$", description="its id in a report"),
        ]
        | UnsetType
    ) = UNSET
    label: (
        Annotated[
            str,
            must(
                "be a label, 1 to 1000 characters",
                min_length=1,
                max_length=1000,
                description="all its appearances, joined, each a chapter",
            ),
        ]
        | UnsetType
    ) = UNSET
    at: Annotated[MediaTime, Meta(description="a still picture of this media time")] | UnsetType = UNSET
    kind: Kind = Kind.LOGO
    before: Annotated[Roll, Meta(description="seconds that it begins earlier")] = 0.0
    after: Annotated[Roll, Meta(description="seconds that it ends later")] = 0.0
    boxes: Annotated[bool, Meta(description="draws the boxes of `kind` into the picture")] = False
    cut: Annotated[
        Cut,
        Meta(description="`keyframes`: at those around it, by copying; `exact`: at the very frames, by encoding"),
    ] = Cut.KEYFRAMES
