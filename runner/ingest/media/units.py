"""A packet on the session's clock: what tracks make and the segmenter cuts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from av.packet import Packet
from av.rational import AVRational
from av.stream import Stream

CLOCK = 90_000  # ticks a second: MPEG-TS's own clock, in which every time of this package is kept
TIME_BASE = Fraction(1, CLOCK)
RATIONAL = AVRational(1, CLOCK)  # the same, as PyAV's `rescale_ts` wants it


@dataclass(slots=True)
class Unit:
    """One packet in order of decoding. `pts`, `dts` and `duration` are ticks; `key`: a decoder can start here; `fresh`:
    it must, since it is set up otherwise from here on (another size, other parameters)."""

    packet: Packet[Stream]
    video: bool
    pts: int
    dts: int
    duration: int
    key: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """What pictures are: `codec` as RFC 6381 writes it (None: not known), `width` and `height` in pixels."""

    codec: str | None
    width: int
    height: int


class Track(Protocol):
    """Turns the packets of one input stream into those of the segments."""

    @property
    def template(self) -> Stream:
        """A stream whose codec parameters describe what `feed` returns."""
        ...

    def feed(self, unit: Unit) -> Iterable[Unit]:
        """What becomes of one packet."""
        ...

    def flush(self) -> Iterable[Unit]:
        """What was held back, at the end."""
        ...


class Picture(Track, Protocol):
    """A track of pictures. `effort`: pixels a second that are transcoded, 0 where they are copied."""

    effort: float

    @property
    def format(self) -> Format:
        """What `feed` returned last."""
        ...


def seconds(ticks: int) -> float:
    """Ticks as seconds."""
    return ticks / CLOCK
