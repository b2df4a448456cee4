"""A session of hours as its documents tell it: minutes of all of it, frames and segments of its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from google.cloud import firestore
from tests.web.data import documents
from tests.web.footage.clip import HEIGHT, STARTED, WIDTH

LABELS = ("Velox", "Nordal", "Aster", "Kestrel", "Lumen", "Ostra", "Pavo", "Quill", "Riva", "Solen", "Tamar", "Umber")
TAIL = 320  # frames and segments, a few more than the page watches
_SEGMENT = 2  # s


def on(lane: int, second: int) -> bool:
    """Whether a lane's label is on the picture: for some seconds, then not for others, each lane at its own pace."""
    period = 14 + lane % 7 * 2
    return (second + 5 * lane) % period < period // 2


def label(lane: int) -> str:
    return LABELS[lane % len(LABELS)] + (f" {lane // len(LABELS) + 1}" if lane >= len(LABELS) else "")


def appearances(seconds: int, lanes: int) -> int:
    """How many there are: one where a label is on and was not the second before."""
    return sum(on(lane, at) and (at == 0 or not on(lane, at - 1)) for lane in range(lanes) for at in range(seconds))


def session(db: firestore.Client, seconds: int, lanes: int) -> None:
    """An ended session with a look each second."""
    vod = f"playlists/{documents.STREAM}/{documents.SESSION}/vod.m3u8"
    ended = STARTED + timedelta(seconds=seconds)
    documents.stream(db, state="ended")
    documents.session(db, ended=ended, vod=vod, media_seconds=float(seconds))
    base = f"streams/{documents.STREAM}/sessions/{documents.SESSION}"
    _write(db, ((f"{base}/{name}", fields) for name, fields in _minutes(seconds, lanes)))
    _write(db, ((f"{base}/{name}", fields) for name, fields in _tail(seconds, lanes)))


def _seen(second: int, lanes: int) -> list[dict[str, Any]]:
    return [{"label": label(lane), "confidence": 0.6 + lane % 4 / 10} for lane in range(lanes) if on(lane, second)]


def _minutes(seconds: int, lanes: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for minute in range(-(-seconds // 60)):
        within = range(minute * 60, min(seconds, minute * 60 + 60))
        looks = {f"{second * 1000:010d}": _seen(second, lanes) for second in within}
        yield f"minutes/{minute:06d}-logo", {"minute": minute, "kind": "logo", "looks": looks}
        parts = {f"{at // _SEGMENT:08d}": [at * 1000, (at + _SEGMENT) * 1000] for at in within[::_SEGMENT]}
        yield f"minutes/{minute:06d}-segments", {"minute": minute, "segments": parts}


def _tail(seconds: int, lanes: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for second in range(max(0, seconds - TAIL), seconds):
        when = STARTED + timedelta(seconds=second)
        detections = [{**one, "kind": "logo", "box": None} for one in _seen(second, lanes)]
        yield (
            f"frames/{second * 1000:010d}",
            {
                "media_time": float(second),
                "program_date_time": when,
                "finalized_at": when,
                "segment": second // _SEGMENT,
                "snapshot": f"frames/{documents.STREAM}/{documents.SESSION}/{second * 1000:010d}.jpg",
                "reason": "change",
                "width": WIDTH,
                "height": HEIGHT,
                "kinds": ["logo"],
                "analyses": {"logo": documents.analysis(detections, when)},
            },
        )
    for number in range(max(0, seconds // _SEGMENT - TAIL), seconds // _SEGMENT):
        when = STARTED + timedelta(seconds=number * _SEGMENT)
        yield (
            f"segments/{number:08d}",
            {
                "sequence": number,
                "media_time": float(number * _SEGMENT),
                "duration": float(_SEGMENT),
                "program_date_time": when,
                "finalized_at": when,
                "sampled_at": when,
                "looked_at": 10,
                "frames": [number * _SEGMENT * 1000],
                "same_as": None,
            },
        )


def _write(db: firestore.Client, written: Iterable[tuple[str, dict[str, Any]]]) -> None:
    batch = db.batch()
    for count, (path, fields) in enumerate(written, 1):
        batch.set(db.document(path), fields)
        if count % 100 == 0:
            batch.commit()
            batch = db.batch()
    batch.commit()
