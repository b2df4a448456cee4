"""Seeks to the last keyframe at or before a position, however coarsely the container can seek."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer

from .tracks import pictures

_SECOND = 1_000_000  # in FFmpeg's units for the times of a container
_ROUNDING_SECONDS = Fraction(1, 100)  # a position just before a keyframe means that keyframe
_BACK_SECONDS = (0, 5, 20, 80)  # how far before the position to look for a keyframe; then from the start


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The point at which a source is continued, in seconds of its own clock.

    `start`: its first packet (None: not known yet). `shift`: the length of the rounds before. `begin`: the keyframe
    from which packets are sent (None: from the first).
    """

    start: Fraction | None = None
    shift: Fraction = Fraction(0)
    begin: Fraction | None = None


def seek(container: InputContainer, position: float, *, again: bool) -> ResumePoint:
    """Moves `container` to the keyframe at or before `position` (s); with `again`, in the round of `position`."""
    length = Fraction(container.duration or 0, _SECOND)
    start = _first(container)
    rounds = int(position // length) if again and length else 0
    wanted = start + Fraction(position) - rounds * length + _ROUNDING_SECONDS
    for back in _BACK_SECONDS:
        at = wanted - back
        if at <= start:
            break
        if (begin := _last_keyframe(container, at, wanted)) is not None:
            _move(container, at)
            return ResumePoint(start, rounds * length, begin)
    begin = _last_keyframe(container, start, wanted)
    _move(container, start)
    return ResumePoint(start, rounds * length, begin)


def _first(container: InputContainer) -> Fraction:
    """The decoding time of the first packet. The start time of a container is a presentation time."""
    video = pictures(container)[0]
    for packet in container.demux([video, *container.streams.audio[:1]]):
        if packet.dts is not None:
            return packet.dts * packet.time_base
    return Fraction(0)


def _last_keyframe(container: InputContainer, begin: Fraction, end: Fraction) -> Fraction | None:
    """The time of the last keyframe from `begin` to `end`; None if `container` yields no keyframe there."""
    _move(container, begin)
    found: Fraction | None = None
    for packet in container.demux(pictures(container)[0]):
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
