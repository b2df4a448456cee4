"""Cuts a stream of units into MPEG-TS pieces at keyframes.

A piece holds the pictures from its keyframe to the next cut, and the sound whose pts falls between those two keyframes,
so that a piece begins with its keyframe's pts. Sound may lag the picture: a piece is finished once sound from
beyond its end has come, or after a bounded time without any.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.domain.errors import UnsupportedMedia

from .cut import CutRule
from .units import CLOCK, Unit, seconds

_MAX_LAG = 5 * CLOCK  # ticks that the picture may run ahead of missing sound before a piece goes without
_MAX_BYTES = 64 << 20  # of one piece
_HINT = "set the encoder's keyframe interval to 2 seconds (OBS: Keyframe Interval 2 s; ffmpeg: -g 60 at 30 fps)"


@dataclass(frozen=True, slots=True)
class Piece:
    """A finished segment. `start`, from the first keyframe, and `duration` are ticks. `fresh`: see Unit."""

    sequence: int
    start: int
    duration: int
    units: list[Unit]
    fresh: bool = False


@dataclass(slots=True)
class _Draft:
    start: int
    end: int | None = None
    units: list[Unit] = field(default_factory=list[Unit])
    size: int = 0

    def add(self, unit: Unit) -> None:
        self.units.append(unit)
        self.size += unit.packet.size

    def cut(self, at: int) -> _Draft:
        """Ends this draft at a keyframe's pts. Returns the next one, with the sound that came ahead of its picture."""
        following = _Draft(at)
        for unit in self.units:
            if not unit.video and unit.pts >= at:
                following.add(unit)
        self.units = [unit for unit in self.units if unit.video or unit.pts < at]
        self.end = at
        return following


class Segmenter:
    """Takes units, yields finished pieces. `zero`: the first keyframe's pts; `started`: its arrival (aware, UTC)."""

    def __init__(
        self, rule: CutRule, *, sound: bool, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.zero: int | None = None
        self.started: datetime | None = None
        self.late = 0  # sound that came after its piece was finished, and was dropped
        self._rule = rule
        self._clock = clock
        self._drafts: deque[_Draft] = deque()
        self._early: deque[Unit] = deque()  # sound from before the first keyframe was seen
        self._awaits_sound = sound
        self._heard: int | None = None
        self._seen: int | None = None
        self._first_seen: int | None = None
        self._keyframe = 0
        self._sequence = 0

    def push(self, unit: Unit) -> Iterator[Piece]:
        """Takes one unit. Raises UnsupportedMedia if keyframes are missing or too far apart."""
        if unit.video:
            self._picture(unit)
        else:
            self._sound(unit)
        while len(self._drafts) > 1 and self._complete(self._drafts[0]):
            yield self._finish(self._drafts.popleft())

    def flush(self) -> Iterator[Piece]:
        """The rest, at the end of the stream. The last piece may be short."""
        while self._drafts:
            yield self._finish(self._drafts.popleft())

    def _picture(self, unit: Unit) -> None:
        self._seen = max(self._seen or unit.dts, unit.dts)
        if not self._drafts:
            self._open_first(unit)
            return
        draft = self._drafts[-1]
        elapsed = unit.pts - draft.start
        ends = elapsed if unit.key else elapsed + unit.duration
        if ends > self._rule.longest or draft.size > _MAX_BYTES:
            raise UnsupportedMedia(
                f"found no keyframe to cut at in {seconds(elapsed):.1f} s ({draft.size >> 20} MiB) of video; "
                f"at most {seconds(self._rule.longest):.1f} s are accepted: {_HINT}"
            )
        if unit.key:
            gop, self._keyframe = unit.pts - self._keyframe, unit.pts
            if unit.fresh or self._rule.cuts_at(elapsed, gop):
                draft = draft.cut(unit.pts)
                self._drafts.append(draft)
        draft.add(unit)

    def _open_first(self, unit: Unit) -> None:
        if not unit.key:
            self._first_seen = unit.pts if self._first_seen is None else self._first_seen
            waited = unit.pts - self._first_seen
            if waited > self._rule.longest:
                raise UnsupportedMedia(f"found no keyframe in the first {seconds(waited):.1f} s of video: {_HINT}")
            return
        self.zero = self._keyframe = unit.pts
        self.started = self._clock()
        self._drafts.append(_Draft(unit.pts))
        self._drafts[0].add(unit)
        for sound in self._early:
            if sound.pts >= unit.pts:
                self._drafts[0].add(sound)
        self._early.clear()

    def _sound(self, unit: Unit) -> None:
        self._heard = unit.pts
        if not self._drafts:
            self._early.append(unit)
            while self._early[-1].pts - self._early[0].pts > _MAX_LAG:
                self._early.popleft()
            return
        if unit.pts < self._drafts[0].start:
            self.late += self._sequence > 0
            return
        self._awaits_sound = True
        next(draft for draft in reversed(self._drafts) if unit.pts >= draft.start).add(unit)

    def _complete(self, draft: _Draft) -> bool:
        end = draft.end or 0
        if not self._awaits_sound or (self._heard is not None and self._heard >= end):
            return True
        if self._seen is not None and self._seen - end > _MAX_LAG:
            self._awaits_sound = False  # until sound comes again: live video does not wait for a mute microphone
            return True
        return False

    def _finish(self, draft: _Draft) -> Piece:
        assert self.zero is not None
        end = draft.end
        if end is None:
            end = max(unit.pts + unit.duration for unit in draft.units if unit.video)
        fresh = any(unit.fresh for unit in draft.units)
        piece = Piece(self._sequence, draft.start - self.zero, end - draft.start, draft.units, fresh)
        self._sequence += 1
        return piece
