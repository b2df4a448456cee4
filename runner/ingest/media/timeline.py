"""A timeline that repairs the timestamps of an input.

Senders restart their clocks, jump, and repeat packets. Each input stream keeps an offset that places it on one timeline
that only rises; a jump moves the offset, and the other streams of the input follow by the same amount, so that sound
and picture stay together. A gap is no jump: packets of a file that are minutes apart, a picture that its container
says lasts that long, or a live sender that was silent for as long by our clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .units import CLOCK

_DUPLICATE = CLOCK // 5  # ticks: up to 0.2 s back is a repeated or disordered packet, which is dropped
_MAX_LEAD = 10 * CLOCK  # ticks: a picture of a live sender that is shown later after its decoding has a damaged time
_MAX_BEHIND = CLOCK  # ticks: a picture shown more than that before its decoding, too
_MAX_AHEAD = 5 * CLOCK  # ticks: a packet further ahead of all others is a jump of the clock, and pulled back
_MAX_GAP = 600 * CLOCK  # ticks: the longest gap of a file, or that a container declares, that is kept
_MAX_DRIFT = 2 * CLOCK  # ticks by which our clock and the sender's may differ about a pause


@dataclass(slots=True)
class Placed:
    """The times of a packet on the timeline, in ticks."""

    dts: int
    pts: int
    duration: int


@dataclass(slots=True)
class _Stream:
    offset: int
    last: int  # the place of the packet before
    step: int
    written: int  # the decoding time given to the packet before: `last`, or earlier by up to `back`
    back: int = 0  # ticks that decoding is moved back, since pictures are shown before the sender decodes them
    lead: int = 0  # from decoding to showing, of the packet before
    lasts: int = 0  # the declared duration of the packet before


class Timeline:
    """The clock of one input. `repaired` counts the jumps that it closed, `dropped` the repeated packets."""

    def __init__(
        self, clock: Callable[[], float] | None = None, *, ahead: int = _MAX_AHEAD, apart: bool = False
    ) -> None:
        """`clock`: seconds, by which a live sender's pause is told from a jump. `ahead`: ticks, see GAPS_OF_FILES.
        `apart`: streams stay where they begin, however far that is from the others."""
        self.repaired = 0
        self.dropped = 0
        self._clock = clock
        self._ahead = ahead
        self._apart = apart
        self._least_lag: int | None = None  # of this input behind our clock, in ticks from any origin
        self._streams: dict[int, _Stream] = {}
        self._offset = 0
        self._front = 0  # the place of the latest packet of any stream

    def place(self, stream: int, dts: int | None, pts: int | None, duration: int) -> Placed | None:
        """Places a packet of input stream number `stream`; None if it repeats an earlier one."""
        state = self._streams.get(stream)
        if dts is None:
            dts = self._guess(state, pts)
        if dts is None:
            return None
        if state is None:
            state = self._streams[stream] = self._begin(dts, duration)
        placed = dts + state.offset
        if not (state.last < placed <= self._front + self._ahead or self._continues(state, placed)):
            placed = self._mend(state, dts)
        if placed <= state.last:
            self.dropped += 1
            return None
        state.step = min(duration, self._ahead) or max(1, min(placed - state.last, CLOCK // 10))
        state.last, state.lasts = placed, min(duration, _MAX_GAP)
        if placed > self._front:
            self._front = placed
        if self._clock:
            lag = self._lag(self._clock)
            if self._least_lag is None or lag < self._least_lag:
                self._least_lag = lag
        shown = placed + self._lead(state, dts, pts)
        state.written = max(state.written + 1, placed - state.back)
        return Placed(state.written, max(shown, state.written), state.step)

    def _begin(self, dts: int, duration: int) -> _Stream:
        """A stream that begins with this packet: on the clock of the others; beside them, where a time is damaged."""
        front = max((other.last + other.lasts for other in self._streams.values()), default=None)
        away = 0 if front is None else dts + self._offset - front
        near = self._apart or -_MAX_GAP <= away <= self._ahead
        if front is not None and not near and not self._paused(away):
            self.repaired += 1
            self._offset = front + 1 - dts
        before = dts + self._offset - 1
        self._front = before if front is None else max(self._front, before)
        return _Stream(self._offset, before, max(duration, 1), before - _MAX_BEHIND)

    def _lag(self, clock: Callable[[], float]) -> int:
        return round(clock() * CLOCK) - self._front

    def _lead(self, state: _Stream, dts: int, pts: int | None) -> int:
        """Ticks from the decoding of a packet to its presentation. Below zero, decoding moves back from now on."""
        lead = 0 if pts is None else pts - dts
        if not -_MAX_BEHIND <= lead <= max(_MAX_LEAD, self._ahead):
            self.repaired += 1
            return state.lead
        state.back = max(state.back, -lead)
        state.lead = lead
        return lead

    def _continues(self, state: _Stream, placed: int) -> bool:
        front = max(self._front, state.last + state.lasts)
        return state.last - _DUPLICATE <= placed <= front + self._ahead or self._paused(placed - front)

    def _paused(self, gap: int) -> bool:
        """Whether the sender was silent for as long as its clock moved on."""
        if self._clock is None or self._least_lag is None:
            return False
        return 0 < gap <= min(self._lag(self._clock) - self._least_lag + _MAX_DRIFT, _MAX_GAP)

    def _mend(self, state: _Stream, dts: int) -> int:
        if self._continues(state, dts + self._offset):
            state.offset = self._offset  # another stream of this input met the same jump first
        else:
            self.repaired += 1
            self._offset = state.offset = state.last + state.step - dts
        return dts + state.offset

    @staticmethod
    def _guess(state: _Stream | None, pts: int | None) -> int | None:
        """A decoding time for a packet without one: after the packet before it, and not after its presentation."""
        if state is None:
            return pts
        expected = state.last + state.step - state.offset
        return expected if pts is None else min(expected, pts)


GAPS_OF_FILES = _MAX_GAP
"""`ahead` for a file: its times were written with care, a still screen gives no picture for minutes."""
