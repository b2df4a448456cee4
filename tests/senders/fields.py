"""Field-coded H.264 (PAFF), as hardware encoders write it and x264 does not: each field is an access unit of its own.

A pair of fields of raw samples every two seconds, and skipped pairs between. 160x96, 25 pictures a second.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import av
import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 160, 96
_GROUP = 50  # pictures from one keyframe to the next
_TICKS = 90_000
Samples = NDArray[np.uint8]


class Bits:
    """Writes the syntax elements of ITU-T H.264, 7.2."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, *fields: tuple[int, int]) -> Bits:
        """Each (bits, value)."""
        for width, value in fields:
            self.bits += [value >> at & 1 for at in range(width - 1, -1, -1)]
        return self

    def ue(self, *values: int) -> Bits:
        for value in values:
            length = (value + 1).bit_length()
            self.u((length - 1, 0), (length, value + 1))
        return self

    def align(self) -> Bits:
        self.bits += [0] * (-len(self.bits) % 8)
        return self

    def unit(self, head: int) -> bytes:
        """As a NAL unit, with its emulation prevention."""
        self.bits.append(1)
        packed = np.packbits(np.array(self.align().bits, np.uint8)).tobytes()
        body, zeros = bytearray(), 0
        for one in packed:
            if zeros >= 2 and one <= 3:
                body.append(3)
                zeros = 0
            body.append(one)
            zeros = zeros + 1 if one == 0 else 0
        return b"\0\0\0\1" + bytes([head]) + bytes(body)


def _parameters() -> bytes:
    sps = Bits().u((8, 77), (8, 0), (8, 30)).ue(0, 0, 0, 2, 1).u((1, 0)).ue(_WIDTH // 16 - 1, _HEIGHT // 32 - 1)
    sps.u((1, 0), (1, 0), (1, 1), (1, 0), (1, 1))  # fields are allowed; no cropping; VUI
    sps.u((4, 0), (1, 1), (32, 1), (32, 50), (1, 1), (4, 0))  # its timing: 50 fields a second
    pps = Bits().ue(0, 0).u((1, 0), (1, 0)).ue(0, 0, 0).u((1, 0), (2, 0)).ue(0, 0, 0).u((1, 1), (1, 0), (1, 0))
    return sps.unit(0x67) + pps.unit(0x68)


def _slice(picture: int, *, bottom: bool, skipped: bool) -> Bits:
    number = picture % _GROUP
    idr = number == 0 and not bottom
    bits = Bits().ue(0, 5 if skipped else 7, 0).u((4, number % 16), (1, 1), (1, int(bottom)))
    if idr:
        bits.ue(picture // _GROUP % 2)
    bits.u((6, (2 * number + bottom) % 64))
    bits.u((1, 0), (1, 0)) if skipped else bits
    bits.u((1, 0), (1, 0)) if idr else bits.u((1, 0))
    return bits.ue(0, 1)


def _raw(bits: Bits, planes: tuple[Samples, Samples, Samples]) -> Bits:
    luma, *chroma = planes
    for y in range(0, luma.shape[0], 16):
        for x in range(0, _WIDTH, 16):
            bits.ue(25).align()
            parts = [luma[y : y + 16, x : x + 16], *(one[y // 2 : y // 2 + 8, x // 2 : x // 2 + 8] for one in chroma)]
            bits.bits += np.unpackbits(np.concatenate([part.ravel() for part in parts])).tolist()
    return bits


def _picture(number: int) -> tuple[Samples, Samples, Samples]:
    rows, columns = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    luma = ((columns + 40 * number) % 160 + 40 + 0 * rows).astype(np.uint8)
    half = (_HEIGHT // 2, _WIDTH // 2)
    return luma, np.full(half, 100 + 20 * number, np.uint8), np.full(half, 128, np.uint8)


def _fields(pictures: int) -> Iterator[bytes]:
    skipped = _WIDTH // 16 * (_HEIGHT // 32)
    for picture in range(pictures):
        for bottom in (False, True):
            if picture % _GROUP:
                delimiter, head = 1, 0x41
                bits = _slice(picture, bottom=bottom, skipped=True).ue(skipped)
            else:
                delimiter, head = 0, 0x61 if bottom else 0x65
                luma, blue, red = (plane[int(bottom) :: 2] for plane in _picture(picture // _GROUP % 5))
                bits = _raw(_slice(picture, bottom=bottom, skipped=False), (luma, blue, red))
            first = _parameters() if delimiter == 0 and not bottom else b""
            yield Bits().u((3, delimiter)).unit(0x09) + first + bits.unit(head)


@cache
def field_coded(seconds: int = 4) -> bytes:
    """A transport stream with a PES packet for each field."""
    fields = list(_fields(25 * seconds))
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(b"".join(fields)), "r", format="h264") as source,
        av.open(out, "w", format="mpegts") as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for number, field in enumerate(fields):
            packet = av.Packet(field)
            packet.time_base = Fraction(1, _TICKS)
            packet.pts = packet.dts = _TICKS + number * _TICKS // 50
            packet.is_keyframe = number % (2 * _GROUP) == 0
            packet.stream = stream
            target.mux(packet)
    return out.getvalue()
