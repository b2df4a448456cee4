"""Units: packets on the session's clock, which tracks produce and the segmenter cuts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from av.packet import Packet
from av.rational import AVRational
from av.stream import Stream

CLOCK = 90_000  # ticks a second: the clock of MPEG-TS, and of every time in this package
TIME_BASE = Fraction(1, CLOCK)
RATIONAL = AVRational(1, CLOCK)  # the same, as PyAV's `rescale_ts` wants it


@dataclass(slots=True)
class Unit:
    """A packet, in decoding order. `pts`, `dts` and `duration` are ticks.

    `key`: a decoder can start here. `fresh`: it must, since the format changes here (another size, other parameters).
    `open`: a keyframe at which no decoder can start, since pictures after it refer to earlier ones. `form`: how often
    the form of the sound has changed so far, for which its decoder must be set up again.
    """

    packet: Packet[Stream]
    video: bool
    pts: int
    dts: int
    duration: int
    key: bool = False
    fresh: bool = False
    open: bool = False
    form: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """The format of pictures: `codec` as in RFC 6381 (None: not known), `width` and `height` in pixels."""

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
        """The units made of one packet."""
        ...

    def flush(self) -> Iterable[Unit]:
        """The buffered units, at the end."""
        ...


class Picture(Track, Protocol):
    """A track of pictures. `effort`: pixels a second that it transcodes, 0 if it copies."""

    @property
    def effort(self) -> float:
        """See above."""
        ...

    @property
    def format(self) -> Format:
        """The format of the units that `feed` returned last."""
        ...


def seconds(ticks: int) -> float:
    """Ticks as seconds."""
    return ticks / CLOCK
