"""Going on in the middle of a file: at the last keyframe before a position, whatever the container can seek to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer

_SECOND = 1_000_000  # in FFmpeg's units of a container's times
_ROUNDING = Fraction(1, 100)  # seconds: a position just before its keyframe means that keyframe
_BACK = (0, 5, 20, 80)  # seconds before the position where a keyframe is looked for, then everything


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is gone on with, in seconds of its own clock: its first packet, what earlier rounds add, and the
    keyframe from which packets are wanted. None: as it comes."""

    start: Fraction | None = None
    shift: Fraction = Fraction(0)
    begin: Fraction | None = None


def seek(container: InputContainer, position: float, *, again: bool) -> Place:
    """Moves `container` to where its packets from the keyframe at or before `position` come; with `again`, in the round
    that it is in."""
    length = Fraction(container.duration or 0, _SECOND)
    start = _first(container)
    rounds = int(position // length) if again and length else 0
    wanted = start + Fraction(position) - rounds * length + _ROUNDING
    for back in _BACK:
        at = wanted - back
        if at <= start:
            break
        if (begin := _last_keyframe(container, at, wanted)) is not None:
            _move(container, at)
            return Place(start, rounds * length, begin)
    begin = _last_keyframe(container, start, wanted)
    _move(container, start)
    return Place(start, rounds * length, begin)


def _first(container: InputContainer) -> Fraction:
    """The time of the first packet: of decoding, which a container's start time, of showing, is not."""
    video = container.streams.video[0]
    for packet in container.demux([video, *container.streams.audio[:1]]):
        if packet.dts is not None:
            return packet.dts * packet.time_base
    return Fraction(0)


def _last_keyframe(container: InputContainer, begin: Fraction, end: Fraction) -> Fraction | None:
    """The time of the last keyframe between the two, as far as `container` gives packets from there."""
    _move(container, begin)
    found: Fraction | None = None
    for packet in container.demux(container.streams.video[0]):
        if packet.dts is None:
            continue
        at = packet.dts * packet.time_base
        if at > end:
            break
        if packet.is_keyframe:
            found = at
    return found


def _move(container: InputContainer, at: Fraction) -> None:
    container.seek(round(at * _SECOND))
