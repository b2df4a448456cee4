"""Tracks, in the documents of the frames from which they lead on.

`track` reads what `sample` and `detect` have written about neighbouring frames, and writes one field of the earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Stale
from ..domain.model import Box, Detection, FrameRef, Kind, SegmentRef, Track
from ..reports.model import SURE, UNIT, Rect, Way, Ways
from . import minutes
from .frames import RETRY

_FIELDS = ("media_time", "segment", "kinds", "analyses", "tracks.to", "tracks.of")
_PARTS = 10_000  # of the frame's width and height: coordinates are whole numbers of these


@dataclass(frozen=True, slots=True)
class Look:
    """A frame that was looked at. `segment` is the sequence of its segment.

    `complete`: all its kinds are analysed, the last of them at `analysed`. `detections` are those with a box.
    `tracked`: the frame to which its tracks lead, and when both were analysed, if it has tracks.
    """

    ref: FrameRef
    segment: int
    complete: bool
    analysed: datetime | None
    detections: tuple[Detection, ...]
    tracked: tuple[int, tuple[datetime, ...]] | None = None

    def leads_to(self, last: Look, of: Sequence[Look]) -> bool:
        """Whether its tracks lead to `last`, and follow what is known of these looks."""
        return self.tracked == (last.ref.media_ms, tuple(look.analysed for look in of))


@dataclass(frozen=True, slots=True)
class Around:
    """A frame and those around it, in order of time: four before it at most, and three after it."""

    before: tuple[Look, ...]
    here: Look
    after: tuple[Look, ...]


def around(ref: FrameRef) -> Around:
    """The frame and those around it that `sample` has written. Raises Stale if the frame has been deleted."""
    snapshot = firestore_client().document(names.frame_path(ref)).get(_FIELDS)
    here = _look(ref, snapshot.to_dict() or {}) if snapshot.exists else None
    if here is None:
        raise Stale(f"{names.frame_path(ref)} has been deleted")
    before, after = _beside(ref, "<", "DESCENDING", 4), _beside(ref, ">", "ASCENDING", 3)
    return Around(tuple(reversed(before)), here, tuple(after))


def inheriting(ref: FrameRef, sequences: Iterable[int]) -> dict[int, float] | None:
    """Those of the session's segments that inherit the frame's results, with how much moves in each; None if one is not
    sampled yet. Much may move in them: `sample` sends on what moves only after a while.
    """
    db = firestore_client()
    wanted = [SegmentRef(ref.stream, ref.session, sequence) for sequence in sequences]
    paths = [db.document(names.segment_path(one)) for one in wanted]
    found = {int(one.id): one.to_dict() for one in db.get_all(paths, field_paths=["same_as", "motion"]) if one.exists}
    if len(found) < len(wanted):
        return None
    return {
        number: fields["motion"] for number, fields in found.items() if fields and fields.get("same_as") == ref.media_ms
    }


def write(first: Look, last: Look, of: Sequence[Look], kinds: Sequence[Kind], tracks: Sequence[Track]) -> None:
    """Writes the tracks from a frame to the next one, also in their minute. `of` are the looks that they follow from.

    A frame that has been deleted meanwhile is left alone.
    """
    fields = {
        "to": last.ref.media_ms,
        "of": [look.analysed for look in of],
        "kinds": [kind.value for kind in kinds],
        "items": [_item(track, first.ref.media_ms) for track in tracks if track.points],
    }
    batch = firestore_client().batch()
    batch.update(firestore_client().document(names.frame_path(first.ref)), {"tracks": fields})
    for kind in kinds:
        minutes.add_ways(batch, first.ref, kind, last.ref.media_ms, _spans(first, last, kind, tracks))
    with suppress(GoogleNotFound):
        batch.commit(retry=RETRY)


def _spans(first: Look, last: Look, kind: Kind, tracks: Sequence[Track]) -> Iterator[minutes.Span]:
    seen = [one for look in (first, last) for one in look.detections if one.kind is kind]
    for track in tracks:
        if track.kind is kind and track.points:
            sure = max((one.confidence for one in seen if one.label == track.label), default=track.confidence or 0.0)
            yield minutes.Span(track.label, sure, track.points[0].ms, track.points[-1].ms)


def ways(fields: Mapping[str, Any] | None, since: int, kind: Kind) -> Ways | None:
    """The tracks of a frame (of which `fields` are the document's) for reports; None if it has none of that kind."""
    if not fields or kind.value not in fields["kinds"]:
        return None
    return Ways(int(fields["to"]), tuple(_way(one, since) for one in fields["items"] if one["kind"] == kind.value))


def _way(item: Mapping[str, Any], since: int) -> Way:
    sides = [side * UNIT // _PARTS for side in item["boxes"]]
    rects = [Rect(*sides[first : first + 4]) for first in range(0, len(sides), 4)]
    sure, sharp = item.get("confidence"), item.get("sharpness")
    places = tuple(zip((since + time for time in item["times"]), rects, strict=True))
    return Way(
        item["label"],
        places,
        None if sure is None else round(sure * SURE),
        sharpness=None if sharp is None else round(sharp * SURE),
    )


def _item(track: Track, since: int) -> dict[str, Any]:
    sides = (side for point in track.points for side in _sides(point.box))
    return {
        "kind": track.kind.value,
        "label": track.label,
        "times": [point.ms - since for point in track.points],
        "boxes": [round(side * _PARTS) for side in sides],
        **({} if track.confidence is None else {"confidence": track.confidence}),
        **({} if track.sharpness is None else {"sharpness": track.sharpness}),
    }


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def _beside(
    ref: FrameRef, operator: Literal["<", ">"], direction: Literal["ASCENDING", "DESCENDING"], count: int
) -> list[Look]:
    from google.cloud.firestore_v1.base_query import FieldFilter

    frames = firestore_client().collection(f"{names.session_path(ref.stream, ref.session)}/frames")
    # A frame has its media time once `sample` has written it.
    query = frames.where(filter=FieldFilter("media_time", operator, ref.media_ms / 1000)).select(_FIELDS)
    found = query.order_by("media_time", direction=direction).limit(count + 1).get()
    looks = (
        _look(FrameRef(ref.stream, ref.session, int(one.id)), one.to_dict() or {})
        for one in found
        if int(one.id) != ref.media_ms  # times are kept in microseconds, ids in milliseconds
    )
    return [look for look in looks if look is not None][:count]


def _look(ref: FrameRef, fields: Mapping[str, Any]) -> Look | None:
    if "segment" not in fields:
        return None
    analyses: Mapping[str, Mapping[str, Any]] = fields.get("analyses") or {}
    kinds: Sequence[str] = fields.get("kinds") or ()
    tracks: Mapping[str, Any] = fields.get("tracks") or {}
    return Look(
        ref=ref,
        segment=int(fields["segment"]),
        complete=bool(kinds) and set(kinds) <= set(analyses),
        analysed=max((one["analyzed_at"] for one in analyses.values()), default=None),
        tracked=(int(tracks["to"]), tuple(tracks.get("of") or ())) if tracks else None,
        detections=tuple(
            Detection(one["label"], one["confidence"], Kind(one["kind"]), Box(**one["box"]))
            for analysis in analyses.values()
            for one in analysis.get("detections") or ()
            if one.get("box")
        ),
    )
