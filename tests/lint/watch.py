"""Watches what is stored while a playlist changes: every revision, and the segments that it promises."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from datetime import datetime

from .hls import lint, lint_change
from .model import Item, Parsed, parse
from .segments import lint_segment

_ROUNDING = 0.001


@dataclass
class _Object:
    """A segment as it was stored."""

    metadata: dict[str, str]
    faults: list[str]


@dataclass
class _Playlist:
    """A playlist's latest revision, the longest it has been, and when each segment that left it may go."""

    latest: Parsed
    revision: int = 0
    longest: float = 0.0
    keep_until: dict[str, float] = field(default_factory=dict)


class PlaylistWatch:
    """Feed it changes in the order they took effect, with times in seconds; `faults` grows, a line each."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._segments: dict[str, _Object] = {}
        self._playlists: dict[str, _Playlist] = {}
        self._early: dict[str, list[tuple[str, str]]] = {}  # by playlist: segments deleted too soon, and the fault

    def segment(self, name: str, data: bytes | None, metadata: dict[str, str]) -> None:
        """A segment is durable. `data` None, or shorter than a transport packet: a test's placeholder, not judged."""
        media_time = float(metadata["media-time"]) if "media-time" in metadata else None
        judged = data is not None and len(data) >= 188
        self._segments[name] = _Object(metadata, lint_segment(data, media_time) if data and judged else [])

    def playlist(self, name: str, text: str | bytes, at: float) -> None:
        """A revision is readable."""
        faults = lint(text)
        parsed = parse(text.decode(errors="replace") if isinstance(text, bytes) else text)
        known = self._playlists.get(name)
        if known:
            faults += lint_change(known.latest, parsed)
        else:
            known = self._playlists[name] = _Playlist(parsed)
        listed = {self.resolve(name, item.uri): item for item in parsed.items}
        before = {self.resolve(name, item.uri): item for item in known.latest.items} if known.revision else {}
        for segment, item in listed.items():
            if segment not in before:
                faults += self._promise(segment, item)
        known.longest = max(known.longest, parsed.seconds)
        for segment, item in before.items():
            if segment not in listed:
                known.keep_until[segment] = at + item.seconds + known.longest
        known.latest, known.revision = parsed, known.revision + 1
        self.faults += [f"{name}, revision {known.revision}: {fault}" for fault in faults]

    def _promise(self, segment: str, item: Item) -> list[str]:
        """What is wrong with a segment that a playlist begins to name."""
        found = self._segments.get(segment)
        if found is None:
            return [f"durable: names {segment}, which is not stored"]
        faults = [f"{segment}: {fault}" for fault in found.faults]
        said = found.metadata
        if not said:
            return faults
        if abs(float(said.get("duration", "nan")) - item.seconds) > _ROUNDING:
            faults.append(f"metadata: {segment} lasts {said.get('duration')} s, EXTINF says {item.seconds}")
        if said.get("discontinuity", "false") != str(item.discontinuity).lower():
            faults.append(f"metadata: {segment} and the playlist disagree about a discontinuity")
        instant = datetime.fromisoformat(said["program-date-time"]) if "program-date-time" in said else None
        if instant and item.instant and abs((instant - item.instant).total_seconds()) > _ROUNDING:
            faults.append(f"metadata: {segment} was at {instant}, the playlist says {item.instant}")
        return faults

    def deleted(self, name: str, at: float) -> None:
        """An object is gone. RFC 8216 6.2.2: a segment stays for its duration and that of the longest playlist.

        Deleting a whole session may take its segments first: it counts once the playlist is seen to stay.
        """
        if self._playlists.pop(name, None):
            self._early.pop(name, None)
        if self._segments.pop(name, None) is None:
            return
        for playlist, known in self._playlists.items():
            if any(self.resolve(playlist, item.uri) == name for item in known.latest.items):
                fault = f"{playlist}: stays: {name} was deleted while it was listed"
            elif at < known.keep_until.get(name, at):
                fault = f"{playlist}: stays: {name} was deleted {known.keep_until[name] - at:.1f} s too early"
            else:
                continue
            self._early.setdefault(playlist, []).append((name, fault))

    def settle(self) -> list[str]:
        """What was wrong until now, and is told only once."""
        told = self.faults + [fault for early in self._early.values() for _, fault in early]
        self.faults, self._early = [], {}
        return told

    @staticmethod
    def resolve(playlist: str, uri: str) -> str:
        """The object that a playlist names."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(playlist), uri))
