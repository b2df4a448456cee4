"""Cuts a stream of units into MPEG-TS pieces at keyframes.

A piece holds the pictures from its keyframe to the next cut, and the sound whose pts falls between those two keyframes,
so that a piece begins with its keyframe's pts. Sound may lag the picture: a piece is finished once sound from
beyond its end has come, or after a bounded time without any. Where the picture stops, its piece ends with the last
picture, and the next begins at the keyframe with which it comes back: no piece grows with the sound of that time.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.domain.errors import UnsupportedMedia

from .cut import KEYFRAME_HINT, CutRule
from .units import CLOCK, Unit, seconds

_MAX_LAG = 5 * CLOCK  # ticks that the picture may run ahead of missing sound before a piece goes without
_MAX_STILL = 600 * CLOCK  # ticks for which the sound of a file may run ahead of its picture
_PRIMING = CLOCK // 10  # ticks: the silence with which AAC begins, before the first picture
_MAX_BYTES = 32 << 20  # of one piece, and of those that wait for their sound
_MAX_EARLY_BYTES = 4 << 20  # of sound that waits for a picture
_OPEN_HINT = (
    "its keyframes are no IDR pictures (open GOP or intra refresh), and no player can begin at them: choose closed GOP "
    "(x264: open-gop=0, intra-refresh=0; ffmpeg: -flags +cgop)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A finished segment. `start`, from the first keyframe, and `duration` are ticks.

    `fresh`: after a discontinuity, since a decoder must be set up again (see Unit) or the picture had stopped before.
    """

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
    fresh: bool = False
    shown: int = 0  # the end of its last picture

    def add(self, unit: Unit) -> None:
        self.units.append(unit)
        self.size += unit.packet.size
        if unit.video:
            self.fresh |= unit.fresh
            self.shown = max(self.shown, unit.pts + unit.duration)

    def cut(self, at: int) -> _Draft:
        """Ends this draft at a keyframe's pts. Returns the next one, with the sound that came ahead of its picture."""
        following = _Draft(at)
        for unit in self.after(at):
            following.add(unit)
        return following

    def after(self, at: int) -> list[Unit]:
        """Ends this draft at `at`. Returns the sound from there on."""
        later = [unit for unit in self.units if not unit.video and unit.pts >= at]
        self.units = [unit for unit in self.units if unit.video or unit.pts < at]
        self.end = at
        return later


class Segmenter:
    """Takes units, yields finished pieces. `zero`: the first keyframe's pts; `started`: its arrival (aware, UTC)."""

    def __init__(
        self,
        rule: CutRule,
        *,
        sound: bool,
        still: int | None = _MAX_LAG,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`still`: ticks without a picture after which its piece ends there; None, for a file: only if it is too long.

        In a file, sound may run ahead for minutes: the pictures that come then are shown from where they stopped.
        """
        self.zero: int | None = None
        self.started: datetime | None = None
        self.lost = 0  # sound in no piece: before the first picture, while there was none, late, or of another form
        self._rule = rule
        self._still = still
        self._clock = clock
        self._drafts: deque[_Draft] = deque()
        self._early: deque[Unit] = deque()  # sound from before the awaited keyframe was seen
        self._early_bytes = 0
        self._awaits_sound = sound
        self._heard: int | None = None
        self._seen: int | None = None
        self._awaited: int | None = None  # pts of the first picture since a keyframe is awaited
        self._keyframe = 0
        self._open = False  # whether a keyframe since the last cut was no IDR picture
        self._interval = 0  # ticks between the last two pictures
        self._form: int | None = None  # of the sound in the piece before
        self._sequence = 0

    def push(self, unit: Unit) -> Sequence[Piece]:
        """Takes one unit, and returns what it completes. Raises UnsupportedMedia if keyframes are missing or too far
        apart."""
        if unit.video:
            self._picture(unit)
        else:
            self._sound(unit)
        if not self._drafts or self._drafts[0].end is None:
            return ()
        pieces: list[Piece] = []
        while self._drafts and (self._complete(self._drafts[0]) or self._crowded()):
            pieces.append(self._finish(self._drafts.popleft()))
        return pieces

    def flush(self) -> Iterator[Piece]:
        """The rest, at the end of the stream. The last piece may be short."""
        while self._drafts:
            yield self._finish(self._drafts.popleft())
        self.lost += len(self._early) if self._awaited is None else 0
        self._early.clear()
        self._early_bytes = 0

    def _crowded(self) -> bool:
        """Whether the first piece may wait for its sound no longer, since those behind it take too much memory."""
        return self._drafts[0].end is not None and sum(draft.size for draft in self._drafts) > _MAX_BYTES

    def _picture(self, unit: Unit) -> None:
        seen = unit.dts if self._seen is None else self._seen
        interval, self._interval = self._interval, unit.dts - seen
        self._seen = max(seen, unit.dts)
        if self._drafts and self._drafts[-1].end is None and self._stood(self._drafts[-1], unit, interval):
            self._stop(self._drafts[-1])
        if not self._drafts or self._drafts[-1].end is not None:
            self._begin(unit, self._interval)
            return
        draft = self._drafts[-1]
        elapsed = unit.pts - draft.start
        self._open |= unit.open
        ends = elapsed if unit.key else elapsed + min(unit.duration, CLOCK)
        if ends > self._rule.longest or draft.size > _MAX_BYTES:
            raise UnsupportedMedia(
                f"found no keyframe to cut at in {seconds(elapsed):.1f} s ({draft.size >> 20} MiB) of video; "
                f"at most {seconds(self._rule.longest):.1f} s are accepted: {self._hint()}"
            )
        if unit.key:
            gop, self._keyframe = unit.pts - self._keyframe, unit.pts
            if (unit.fresh and elapsed > 0) or self._rule.cuts_at(
                elapsed, gop
            ):  # a damaged time may lie before the cut
                draft = draft.cut(unit.pts)
                self._drafts.append(draft)
                self._open = False
        draft.add(unit)

    def _stood(self, draft: _Draft, unit: Unit, before: int) -> bool:
        """Whether the picture had stopped before this one. Pictures that all come ten seconds apart never stop.

        `before`: ticks between the two pictures before it.
        """
        too_long = self._interval > _MAX_LAG and unit.pts - draft.start > self._rule.longest
        return too_long or (self._still is not None and self._interval > max(self._still, 2 * before))

    def _hint(self) -> str:
        return _OPEN_HINT if self._open else KEYFRAME_HINT

    def _stop(self, draft: _Draft) -> None:
        """Ends a draft with its last picture: no other comes, or a keyframe only later."""
        self._keep(draft.after(min(draft.shown, draft.start + self._rule.longest)))
        self._awaited, self._open = None, False

    def _begin(self, unit: Unit, interval: int) -> None:
        """Opens a draft at a keyframe: the first, or the one with which the picture comes back."""
        if not unit.key:
            self._open |= unit.open
            if self._awaited is None or interval > _MAX_LAG:
                self._awaited = unit.pts
            waited = unit.pts - self._awaited
            if waited > self._rule.longest:
                raise UnsupportedMedia(
                    f"found no keyframe in the first {seconds(waited):.1f} s of video: {self._hint()}"
                )
            return
        self._keyframe = unit.pts
        draft = _Draft(unit.pts, fresh=self.zero is not None)
        if self.zero is None:
            self.zero, self.started = unit.pts, self._clock()
        self._open = False
        self._drafts.append(draft)
        draft.add(unit)
        first = unit.pts if self._awaited is None else self._awaited
        self.lost += sum(sound.pts + _PRIMING < first for sound in self._early)
        for sound in self._early:
            if sound.pts >= unit.pts:
                draft.add(sound)
        self._early.clear()
        self._early_bytes = 0

    def _sound(self, unit: Unit) -> None:
        self._heard = unit.pts
        if self._drafts and self._drafts[-1].end is None and self._leads(self._drafts[-1], unit):
            self._stop(self._drafts[-1])
        draft = self._draft_at(unit.pts)
        if draft is not None and (draft.end is None or unit.pts < draft.end):
            self._awaits_sound = True
            draft.add(unit)
        elif draft is not None or not self._drafts:
            self._keep([unit])
        else:
            self.lost += self._sequence > 0 or unit.pts + _PRIMING < self._drafts[0].start

    def _draft_at(self, pts: int) -> _Draft | None:
        """The latest draft that begins at `pts` or before."""
        for draft in reversed(self._drafts):
            if pts >= draft.start:
                return draft
        return None

    def _leads(self, draft: _Draft, unit: Unit) -> bool:
        """Whether the picture has stopped for so long that its piece cannot wait for it."""
        longest = self._rule.longest if self._still is not None else _MAX_STILL
        return unit.pts - draft.shown > longest or draft.size > _MAX_BYTES

    def _keep(self, sound: list[Unit]) -> None:
        """Keeps sound for the piece that the next keyframe begins, the latest of it."""
        self._early.extend(sound)
        self._early_bytes += sum(unit.packet.size for unit in sound)
        while self._early and (
            self._early[-1].pts - self._early[0].pts > _MAX_LAG or self._early_bytes > _MAX_EARLY_BYTES
        ):
            self.lost += self._awaited is None or self._early[0].pts < self._awaited
            self._early_bytes -= self._early.popleft().packet.size

    def _complete(self, draft: _Draft) -> bool:
        end = draft.end
        if end is None:
            return False
        if not self._awaits_sound or (self._heard is not None and self._heard >= end):
            return True
        lag = _MAX_LAG if self._still is not None else _MAX_STILL
        if self._seen is not None and (self._seen - end > lag or self._held() > _MAX_BYTES):
            self._awaits_sound = False  # until sound comes again: live video does not wait for a mute microphone
            return True
        return False

    def _held(self) -> int:
        return sum(draft.size for draft in self._drafts)

    def _finish(self, draft: _Draft) -> Piece:
        assert self.zero is not None
        end = draft.end
        if end is None:
            end = min(draft.shown, draft.start + self._rule.longest)
        fresh = self._settle(draft) or draft.fresh
        piece = Piece(self._sequence, draft.start - self.zero, end - draft.start, draft.units, fresh)
        self._sequence += 1
        return piece

    def _settle(self, draft: _Draft) -> bool:
        """Leaves one form of sound in a draft, which most of it has. Returns whether it is another than before."""
        forms = Counter(unit.form for unit in draft.units if not unit.video)
        if not forms:
            return False
        most = max(forms, key=lambda form: (forms[form], form))
        before, self._form = self._form, max(most, self._form or 0)
        if len(forms) > 1 or most != self._form:
            kept = [unit for unit in draft.units if unit.video or unit.form == self._form]
            self.lost += len(draft.units) - len(kept)
            draft.units = kept
        return before is not None and before != self._form
