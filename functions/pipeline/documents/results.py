"""Results of a session, read page by page: memory does not grow with the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.model import FrameRef, Kind, Reason
from ..reports.model import SURE, Look, Sight, Stretch, fill, rect
from ..reports.usage import Call, FrameCalls
from . import tracks

if TYPE_CHECKING:
    from google.cloud import firestore

_PAGE, _SMALL_PAGE = 1000, 8  # documents: some MB
_MAX_SEGMENT_SECONDS = 60.0
_CALL = ("provider", "took_ms", "error", "analyzed_at", "request", "device")


def stretches(stream: str, session: str, since: int = 0) -> Iterator[Stretch]:
    """The session's sampled segments in order of time, from the one that media time `since` (ms) lies in."""
    found = _documents(stream, session, "segments").select(["media_time", "duration", "frames", "same_as"])
    query = found.where(filter=_filter("media_time", ">=", since / 1000 - _MAX_SEGMENT_SECONDS)).order_by("media_time")
    for snapshot in _paged(query):
        fields: dict[str, Any] = snapshot.to_dict() or {}
        end = round((fields["media_time"] + fields["duration"]) * 1000)
        # A segment without frames names the frame whose results it inherits; without either its results are not known.
        if end > since and (fields["frames"] or fields["same_as"] is not None):
            yield Stretch(round(fields["media_time"] * 1000), end)


def segments(stream: str, session: str, since: int = 0) -> dict[int, Mapping[str, Any]]:
    """The session's sampled segments by their sequence, from the one that media time `since` (ms) lies in."""
    wanted = ["sequence", "media_time", "duration", "frames", "same_as", "discontinuity", "finalized_at"]
    query = _documents(stream, session, "segments").select(wanted)
    query = query.where(filter=_filter("media_time", ">=", since / 1000 - _MAX_SEGMENT_SECONDS)).order_by("media_time")
    found = ((snapshot.to_dict() or {}) for snapshot in _paged(query))
    return {int(one["sequence"]): one for one in found if (one["media_time"] + one["duration"]) * 1000 > since}


def newest_segment(stream: str, session: str) -> int:
    """The media time (ms) at which the session's newest sampled segment begins; 0 without one."""
    query = _documents(stream, session, "segments").order_by("media_time", direction="DESCENDING").limit(1)
    found = query.select(["media_time"]).get()
    return round(float(found[0].get("media_time")) * 1000) if found else 0


def looks(stream: str, session: str, kind: Kind, since: int = 0) -> Iterator[Look]:
    """The session's frames in order of time, from media time `since` (ms) on, with the detections of `kind`."""
    wanted = ["reason", f"analyses.{kind.value}.detections", f"analyses.{kind.value}.error", "tracks"]
    for snapshot in _paged(_frames_from(stream, session, since).select(wanted)):
        fields: dict[str, Any] = snapshot.to_dict() or {}
        reason = fields.get("reason")
        analysis = (fields.get("analyses") or {}).get(kind.value)
        at, seen = int(snapshot.id), sights(analysis)
        ways = tracks.ways(fields.get("tracks"), at, kind)
        yield Look(at, seen, reason == Reason.INTERVAL, reason == "cut", ways)


def frames(
    stream: str, session: str, since: int, end: int, fields: Sequence[str]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The session's sampled frames in order of time, from `since` to before `end` (ms of media time), with `fields`."""
    for snapshot in _paged(_frames_from(stream, session, since).select(["media_time", *fields])):
        if int(snapshot.id) >= end:
            return
        found: dict[str, Any] = snapshot.to_dict() or {}
        if "media_time" in found:  # `sample` has written it
            yield int(snapshot.id), found


def beginning(stream: str, session: str, kind: Kind, at: int, looks: int) -> int:
    """The media time (ms) to begin reading at, so that `looks` analysed frames come before media time `at`."""
    found = _documents(stream, session, "frames").select(["media_time", f"analyses.{kind.value}.error"])
    query = found.where(filter=_filter("media_time", "<", at / 1000)).order_by("media_time", direction="DESCENDING")
    analysed = (
        int(snapshot.id)
        for snapshot in _paged(query, _SMALL_PAGE)
        for analysis in [((snapshot.to_dict() or {}).get("analyses") or {}).get(kind.value)]
        if analysis is not None and analysis.get("error") is None
    )
    return next(islice(analysed, looks - 1, None), 0)


def calls(stream: str, session: str, since: int = 0) -> Iterator[FrameCalls]:
    """The session's frames in order of time, from media time `since` (ms) on, with the calls of providers."""
    wanted = ["finalized_at", "kinds", *(f"analyses.{kind.value}.{field}" for kind in Kind for field in _CALL)]
    for snapshot in _paged(_frames_from(stream, session, since).select(wanted)):
        fields: dict[str, Any] = snapshot.to_dict() or {}
        analyses: Mapping[str, Mapping[str, Any]] = fields.get("analyses") or {}
        done = tuple(_call(kind, one) for kind, one in analyses.items())
        pending = "kinds" not in fields or not set(fields["kinds"]) <= set(analyses)
        yield FrameCalls(int(snapshot.id), done, pending, fields.get("finalized_at"))


def _call(kind: str, fields: Mapping[str, Any]) -> Call:
    return Call(
        kind,
        fields["provider"],
        fields["took_ms"],
        failed=fields.get("error") is not None,
        at=fields.get("analyzed_at"),
        again=fields.get("request") is not None,
        gpu=_on_gpu(fields),
    )


def _on_gpu(fields: Mapping[str, Any]) -> bool:
    """Whether a GPU looked. Frames of earlier releases do not say: `clip` ran on one."""
    device = fields.get("device")
    return str(device).startswith("cuda") if device else fields["provider"] == "clip"


def sights(analysis: Mapping[str, Any] | None) -> tuple[Sight, ...] | None:
    """The detections of an analysis, as a frame's document holds it; None if there is none, or it failed."""
    if analysis is None or analysis.get("error") is not None:
        return None
    detections: Iterable[Mapping[str, Any]] = analysis.get("detections") or ()
    return tuple(
        Sight(
            one["label"],
            round(one["confidence"] * SURE),
            rect(one["box"]) if one.get("box") else None,
            fill(one["box"], one["corners"]) if one.get("box") and one.get("corners") else SURE,
        )
        for one in detections
    )


def _frames_from(stream: str, session: str, since: int) -> firestore.Query:
    first = firestore_client().document(names.frame_path(FrameRef(stream, session, since)))
    return _documents(stream, session, "frames").order_by("__name__").start_at([first])


def _documents(stream: str, session: str, collection: str) -> firestore.CollectionReference:
    return firestore_client().collection(f"{names.session_path(stream, session)}/{collection}")


def _filter(field: str, operator: str, value: float) -> Any:
    from google.cloud.firestore import FieldFilter

    return FieldFilter(field, operator, value)


def _paged(query: firestore.Query, size: int | None = None) -> Iterator[firestore.DocumentSnapshot[Any]]:
    """The documents of `query`, which is ordered, in pages: Firestore cuts off a query that takes long."""
    page = query
    while True:
        found = list(page.limit(size or _PAGE).stream())
        yield from found
        if len(found) < (size or _PAGE):
            return
        page = query.start_after(found[-1])
