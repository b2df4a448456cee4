"""What H.264 says of itself: whether a packet starts afresh, and the codec string browsers ask for."""

from __future__ import annotations

from collections.abc import Iterator

_SLICES = range(1, 6)
_IDR = 5
_SPS = 7


def starts_afresh(packet: bytes, extradata: bytes | None) -> bool:
    """Whether the picture is an IDR: nothing after it refers to anything before it.

    A keyframe flag alone is not enough: with open GOPs the pictures after it may need the group before.
    """
    for kind, _ in _units(packet, extradata):
        if kind in _SLICES:
            return kind == _IDR
    return False


def is_avcc(extradata: bytes | None) -> bool:
    """Whether parameter sets come apart from the pictures, as in MP4, FLV and Matroska."""
    return bool(extradata) and extradata[0] == 1 and len(extradata) > 4


def codec_string(extradata: bytes | None) -> str | None:
    """avc1.PPCCLL (RFC 6381) from the stream's parameter sets, or None where they are not known."""
    if not extradata:
        return None
    if extradata[0] == 1:  # avcC: version, profile, constraints, level
        return f"avc1.{extradata[1:4].hex()}"
    return next((f"avc1.{body[1:4].hex()}" for kind, body in _units(extradata, None) if kind == _SPS), None)


def _units(data: bytes, extradata: bytes | None) -> Iterator[tuple[int, bytes]]:
    """(type, bytes) of each NAL unit; lengths where `extradata` is avcC, start codes otherwise."""
    if extradata and is_avcc(extradata):
        yield from _prefixed(data, (extradata[4] & 3) + 1)
    else:
        yield from _delimited(data)


def _prefixed(data: bytes, width: int) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + width < len(data):
        end = at + width + int.from_bytes(data[at : at + width])
        yield data[at + width] & 31, data[at + width : min(end, at + width + 64)]
        at = end


def _delimited(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = data.find(b"\0\0\1")
    while 0 <= at < len(data) - 3:
        yield data[at + 3] & 31, data[at + 3 : at + 67]
        at = data.find(b"\0\0\1", at + 3)
