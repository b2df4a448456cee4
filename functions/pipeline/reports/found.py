"""What frames' documents say, one item at a time, as the API lists it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .appearances import parsed

_PARTS = 10_000  # of the frame's width and height: coordinates of tracks are whole numbers of these


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is of: kinds and labels, all without; from `start` to before `end` (ms of media time)."""

    start: int
    end: int
    kind: str | None = None
    label: str | None = None

    def takes(self, kind: str, label: str) -> bool:
        """Whether something of that kind and label is in the list."""
        return self.kind in (None, kind) and self.label in (None, label)


def detections(frames: Iterable[tuple[int, Mapping[str, Any]]], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The detections of frames (media time in ms, document), each with an id that sorts by time."""
    for media_ms, fields in frames:
        index = 0
        for kind, analysis in sorted((fields.get("analyses") or {}).items()):
            for one in analysis.get("detections") or ():
                if wanted.takes(kind, one["label"]):
                    yield {
                        "id": _id(media_ms, index),
                        "time": media_ms / 1000,
                        "label": one["label"],
                        "confidence": one["confidence"],
                        "kind": kind,
                        "box": one.get("box"),
                        "corners": one.get("corners"),
                        "provider": analysis["provider"],
                    }
                index += 1


def tracks(frames: Iterable[tuple[int, Mapping[str, Any]]], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The tracks that lead on from frames, from the second that each begins to the one it ends."""
    for media_ms, fields in frames:
        for index, one in enumerate((fields.get("tracks") or {}).get("items") or ()):
            if wanted.takes(one["kind"], one["label"]):
                points = list(_points(media_ms, one["times"], one["boxes"]))
                yield {
                    "id": _id(media_ms, index),
                    "kind": one["kind"],
                    "label": one["label"],
                    "from": points[0]["time"],
                    "to": points[-1]["time"],
                    "track": points,
                }


def after(items: Iterable[dict[str, Any]], id: str | None) -> Iterator[dict[str, Any]]:
    """The items that follow the one with that id. Raises BadRequest for an id that is no item's."""
    last = parsed(id) if id else (-1, -1)
    return (item for item in items if parsed(item["id"]) > last)


def _points(media_ms: int, times: list[int], boxes: list[int]) -> Iterator[dict[str, Any]]:
    for number, time in enumerate(times):
        x, y, width, height = (side / _PARTS for side in boxes[4 * number : 4 * number + 4])
        yield {"time": (media_ms + time) / 1000, "box": {"x": x, "y": y, "width": width, "height": height}}


def _id(media_ms: int, index: int) -> str:
    return f"{media_ms:010d}-{index:03d}"
