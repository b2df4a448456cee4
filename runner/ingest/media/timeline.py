"""A timeline that repairs the timestamps of a live input.

Senders restart their clocks, jump, and repeat packets. Each input stream keeps an offset that places it on one timeline
that only rises; a jump moves the offset, and the other streams of the input follow by the same amount, so that sound
and picture stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

from .units import CLOCK

_DUPLICATE = CLOCK // 5  # ticks: up to 0.2 s back is a repeated or disordered packet, which is dropped
_MAX_LEAD = 10 * CLOCK  # ticks: a picture shown later than that after its decoding carries a damaged time
_MAX_AHEAD = 5 * CLOCK  # ticks: a packet further ahead of all others is a jump of the clock, and pulled back


@dataclass(slots=True)
class Placed:
    """The times of a packet on the timeline, in ticks."""

    dts: int
    pts: int
    duration: int


@dataclass(slots=True)
class _Stream:
    offset: int
    last: int
    step: int
    lead: int = 0  # from decoding to showing, of the packet before


class Timeline:
    """The clock of one input. `repaired` counts the jumps that it closed, `dropped` the repeated packets."""

    def __init__(self) -> None:
        self.repaired = 0
        self.dropped = 0
        self._streams: dict[int, _Stream] = {}
        self._offset = 0

    def place(self, stream: int, dts: int | None, pts: int | None, duration: int) -> Placed | None:
        """Places a packet of input stream number `stream`; None if it repeats an earlier one."""
        state = self._streams.get(stream)
        if dts is None:
            dts = self._guess(state, pts)
        if dts is None:
            return None
        if state is None:
            state = self._streams[stream] = _Stream(self._offset, dts + self._offset - 1, max(duration, 1))
        placed = dts + state.offset
        if not self._continues(state, placed):
            placed = self._mend(state, dts)
        if placed <= state.last:
            self.dropped += 1
            return None
        state.step = min(duration, _MAX_AHEAD) or max(1, min(placed - state.last, CLOCK // 10))
        state.last = placed
        return Placed(placed, placed + self._lead(state, dts, pts), state.step)

    def _lead(self, state: _Stream, dts: int, pts: int | None) -> int:
        """Ticks from the decoding of a packet to its presentation."""
        lead = 0 if pts is None else max(pts - dts, 0)
        if lead > _MAX_LEAD:
            self.repaired += 1
            return state.lead
        state.lead = lead
        return lead

    def _continues(self, state: _Stream, placed: int) -> bool:
        front = max(other.last for other in self._streams.values())
        return state.last - _DUPLICATE <= placed <= front + _MAX_AHEAD

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
