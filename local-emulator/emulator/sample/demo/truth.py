"""Compares detections with the ground truth, appearance by appearance. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any

from pipeline.domain.model import Box

from ..media.tracks import Point, Track
from .ledger import Sighting


@dataclass(frozen=True, slots=True)
class Verdict:
    """One appearance, from `start` to `end` (s of media time): when it was seen, and how well the boxes fit.

    `overlap` is the mean intersection over union of boxes, None if no boxes can be compared. `looks`: analysed frames
    in which it was there. `difficulty`: what makes it hard to see, in words, where the truth says so.
    """

    label: str
    kind: str
    start: float
    end: float
    seen: tuple[float, ...]
    overlap: float | None
    looks: int = 0
    difficulty: str = ""

    @property
    def found(self) -> bool:
        """Whether it was seen at all."""
        return bool(self.seen)


@dataclass(frozen=True, slots=True)
class _Shown:
    label: str
    kind: str
    start: float
    end: float
    track: Track | None
    difficulty: str = ""

    def is_shown(self, sighting: Sighting) -> bool:
        if not self.start <= sighting.media_time <= self.end or sighting.kind != self.kind:
            return False
        said = sighting.label.casefold()
        return self.label.casefold() in said if self.kind == "text" else said == self.label.casefold()


def compare(
    truth: dict[str, Any], sightings: Sequence[Sighting], seconds: float, looked: Sequence[float] = ()
) -> list[Verdict]:
    """A verdict for each appearance within `seconds` of the clip, looped as often as that takes. `looked`: the media
    times of the analysed frames."""
    return [_verdict(shown, sightings, looked) for shown in _shown(truth, seconds)]


def strangers(truth: dict[str, Any], sightings: Iterable[Sighting], seconds: float) -> list[Sighting]:
    """Logos that were seen where there were none."""
    shown = _shown(truth, seconds)
    return [s for s in sightings if s.kind == "logo" and not any(one.is_shown(s) for one in shown)]


def _shown(truth: dict[str, Any], seconds: float) -> list[_Shown]:
    entries = [(a["label"], "logo", a, _track(a)) for a in truth["appearances"]]
    entries += [(t["text"], "text", t, None) for t in truth["texts"]]
    period: float = truth["duration"]
    rounds = takewhile(lambda begin: begin < seconds, (period * n for n in count()))
    shown = [
        _Shown(
            label, kind, entry["from"] + begin, entry["to"] + begin, _later(track, begin), entry.get("difficulty", "")
        )
        for begin in rounds
        for label, kind, entry, track in entries
    ]
    return [one for one in shown if one.start < seconds]


def _verdict(shown: _Shown, sightings: Iterable[Sighting], looked: Sequence[float]) -> Verdict:
    seen = [s for s in sightings if shown.is_shown(s)]
    fits = [_overlap(s.box, there) for s in seen if s.box and shown.track and (there := shown.track.at(s.media_time))]
    overlap = sum(fits) / len(fits) if fits else None
    times = tuple(dict.fromkeys(s.media_time for s in seen))
    looks = sum(shown.start <= at <= shown.end for at in looked)
    return Verdict(shown.label, shown.kind, shown.start, shown.end, times, overlap, looks, shown.difficulty)


def _track(appearance: dict[str, Any]) -> Track:
    return Track(tuple(Point(p["t"], Box(p["x"], p["y"], p["width"], p["height"])) for p in appearance["track"]))


def _later(track: Track | None, seconds: float) -> Track | None:
    return track and Track(tuple(Point(point.t + seconds, point.box) for point in track.points))


def _overlap(a: Box, b: Box) -> float:
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (a.width * a.height + b.width * b.height - shared)
