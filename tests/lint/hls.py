"""A linter of HLS media playlists: the rules of RFC 8216 that players trip over, each as a check.

`lint` looks at one playlist, `lint_revisions` at how a live one changed. Both return what is wrong, a line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

_KNOWN = {
    *("#EXTM3U", "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE"),
    *("#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME"),
    *("#EXTINF", "#EXT-X-ENDLIST"),
}
_ONCE = ("#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE")
_DRIFT = timedelta(milliseconds=1)


@dataclass
class Item:
    """One segment as a playlist tells it."""

    uri: str
    sequence: int
    duration: float
    instant: datetime | None
    discontinuity: bool


@dataclass
class Parsed:
    """A playlist's tags, segments, and what was wrong while reading it."""

    tags: dict[str, list[str]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def number(self, tag: str) -> int:
        return int(self.tags.get(tag, ["0"])[0] or 0)

    @property
    def ended(self) -> bool:
        return "#EXT-X-ENDLIST" in self.tags


def parse(text: str) -> Parsed:
    """Reads a media playlist; never raises."""
    found = Parsed()
    duration: float | None = None
    instant: datetime | None = None
    discontinuity = False
    sequence = 0
    for line in filter(None, text.split("\n")):
        if found.ended:
            found.faults.append(f"something follows EXT-X-ENDLIST: {line}")
        if not line.startswith("#"):
            if duration is None:
                found.faults.append(f"{line} has no EXTINF")
            first = found.number("#EXT-X-MEDIA-SEQUENCE")
            found.items.append(Item(line, first + sequence, duration or 0.0, instant, discontinuity))
            sequence, duration, instant, discontinuity = sequence + 1, None, None, False
            continue
        tag, _, value = line.partition(":")
        found.tags.setdefault(tag, []).append(value)
        if tag not in _KNOWN:
            found.faults.append(f"unknown tag {tag}")
        elif tag == "#EXTINF":
            duration = float(value.partition(",")[0])
        elif tag == "#EXT-X-PROGRAM-DATE-TIME":
            instant = datetime.fromisoformat(value.replace("Z", "+00:00"))
        elif tag == "#EXT-X-DISCONTINUITY":
            discontinuity = True
    return found


def lint(text: str | bytes) -> list[str]:
    """What is wrong with one playlist; empty if nothing."""
    faults: list[str] = []
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return ["not UTF-8"]
    if text.startswith("\ufeff"):
        faults.append("begins with a byte order mark")
    if not text.startswith("#EXTM3U\n"):
        faults.append("does not begin with #EXTM3U")
    found = parse(text)
    faults += found.faults
    faults += [f"{tag} comes {len(found.tags[tag])} times" for tag in _ONCE if len(found.tags.get(tag, "x")) != 1]
    if "#EXT-X-TARGETDURATION" not in found.tags:
        faults.append("no EXT-X-TARGETDURATION")
    return faults + _durations(found) + _instants(found) + _uris(found)


def _durations(found: Parsed) -> list[str]:
    target = found.number("#EXT-X-TARGETDURATION")
    faults = [
        f"segment {item.sequence} lasts {item.duration} s, rounded more than the target duration {target}"
        for item in found.items
        if int(item.duration + 0.5) > target
    ]
    return faults + [f"segment {item.sequence} lasts nothing" for item in found.items if item.duration <= 0]


def _instants(found: Parsed) -> list[str]:
    faults = [f"segment {i.sequence} has no EXT-X-PROGRAM-DATE-TIME" for i in found.items if i.instant is None]
    known = [item for item in found.items if item.instant is not None]
    elapsed = timedelta()
    for before, item in pairwise(known):
        elapsed += timedelta(seconds=before.duration)
        assert before.instant and item.instant and known[0].instant
        if item.instant <= before.instant:
            faults.append(f"the date of segment {item.sequence} does not rise")
        elif not item.discontinuity and abs(item.instant - known[0].instant - elapsed) > _DRIFT:
            faults.append(f"the date of segment {item.sequence} is not that of its media time")
        if item.discontinuity:
            known[0].instant, elapsed = item.instant, timedelta()
    return faults


def _uris(found: Parsed) -> list[str]:
    uris = [item.uri for item in found.items]
    return [f"{uri} is listed {uris.count(uri)} times" for uri in dict.fromkeys(uris) if uris.count(uri) > 1]


def lint_revisions(revisions: Sequence[str]) -> list[str]:
    """What is wrong with how a live playlist changed, and with each revision by itself."""
    faults = [f"revision {n}: {fault}" for n, text in enumerate(revisions) for fault in lint(text)]
    parsed = [parse(text) for text in revisions]
    for number, (before, after) in enumerate(pairwise(parsed), 1):
        faults += [f"revision {number}: {fault}" for fault in _change(before, after)]
    return faults


def _change(before: Parsed, after: Parsed) -> list[str]:
    faults: list[str] = []
    if before.ended:
        faults.append("changed after EXT-X-ENDLIST")
    if before.number("#EXT-X-TARGETDURATION") != after.number("#EXT-X-TARGETDURATION"):
        faults.append("EXT-X-TARGETDURATION changed")
    first_before, first_after = (each.number("#EXT-X-MEDIA-SEQUENCE") for each in (before, after))
    if first_after < first_before:
        faults.append("EXT-X-MEDIA-SEQUENCE fell")
    left = first_after - first_before
    kept = before.items[max(left, 0) :]
    if [i.uri for i in kept] != [i.uri for i in after.items[: len(kept)]]:
        faults.append("a segment left elsewhere than at the front, or changed its place")
    gone = sum(item.discontinuity for item in before.items[: max(left, 0)])
    counted = [each.number("#EXT-X-DISCONTINUITY-SEQUENCE") for each in (before, after)]
    if counted[1] != counted[0] + gone:
        faults.append("EXT-X-DISCONTINUITY-SEQUENCE does not count the discontinuities that left")
    length = sum(item.duration for item in after.items)
    if left > 0 and not after.ended and length < 3 * after.number("#EXT-X-TARGETDURATION"):
        faults.append("less than three target durations are left")
    return faults
