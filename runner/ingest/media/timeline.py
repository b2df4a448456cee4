"""Puts the timestamps of a live input in order.

Senders restart their clocks, jump, and repeat packets. Each input stream keeps an offset that places it on one timeline
that only rises; a jump moves the offset, and the other streams of the input follow by the same amount, so that sound
and picture stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

from .units import CLOCK

_DUPLICATE = CLOCK // 5  # up to 0.2 s back is a repeated or disordered packet: dropped
_REORDERED = 10 * CLOCK  # a picture shown later than that after its decoding carries a damaged time
_AHEAD = 5 * CLOCK  # further ahead of everything seen is a jump of the clock: pulled back


@dataclass(slots=True)
class Placed:
    """Where a packet belongs, in ticks."""

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
    """One input's clock. `repaired` counts jumps that were closed, `dropped` packets that came again."""

    def __init__(self) -> None:
        self.repaired = 0
        self.dropped = 0
        self._streams: dict[int, _Stream] = {}
        self._offset = 0

    def place(self, stream: int, dts: int | None, pts: int | None, duration: int) -> Placed | None:
        """Where a packet of input stream number `stream` goes, in ticks; None: it is a repetition, drop it."""
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
        state.step = min(duration, _AHEAD) or max(1, min(placed - state.last, CLOCK // 10))
        state.last = placed
        return Placed(placed, placed + self._lead(state, dts, pts), state.step)

    def _lead(self, state: _Stream, dts: int, pts: int | None) -> int:
        """How long after its decoding a packet is shown."""
        lead = 0 if pts is None else max(pts - dts, 0)
        if lead > _REORDERED:
            self.repaired += 1
            return state.lead
        state.lead = lead
        return lead

    def _continues(self, state: _Stream, placed: int) -> bool:
        front = max(other.last for other in self._streams.values())
        return state.last - _DUPLICATE <= placed <= front + _AHEAD

    def _mend(self, state: _Stream, dts: int) -> int:
        if self._continues(state, dts + self._offset):
            state.offset = self._offset  # another stream of this input met the same jump first
        else:
            self.repaired += 1
            self._offset = state.offset = state.last + state.step - dts
        return dts + state.offset

    @staticmethod
    def _guess(state: _Stream | None, pts: int | None) -> int | None:
        """A decoding time for a packet that carries none: after the one before, not after it is shown."""
        if state is None:
            return pts
        expected = state.last + state.step - state.offset
        return expected if pts is None else min(expected, pts)
