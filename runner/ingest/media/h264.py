"""H.264's NAL units: keyframes, codec strings, parameter sets.

Each segment must begin with its parameter sets, and not every sender repeats them. In the framing of MP4, FLV and
Matroska they come apart from the pictures, and an FFmpeg filter puts them before each IDR; in MPEG-TS (Annex B)
ParameterSets does.
"""

from __future__ import annotations

from collections.abc import Iterator

_START = b"\0\0\1"
_SLICES = range(1, 6)
_IDR = 5
_SEI, _SPS, _PPS, _DELIMITER = 6, 7, 8, 9
_ORIENTATION = 47  # the type of the message that says how a picture is to be turned


def starts_afresh(packet: bytes, extradata: bytes | None) -> bool:
    """Whether the picture is an IDR: nothing after it refers to anything before it.

    A keyframe flag alone is not enough: with open GOPs the pictures after it may need the group before.
    """
    for kind, _ in _units(packet, extradata):
        if kind in _SLICES:
            return kind == _IDR
    return False


def says_turn(packet: bytes, extradata: bytes | None) -> bool:
    """Whether the picture says itself that it is to be turned or mirrored (ITU-T H.264, D.1.27)."""
    if extradata and is_avcc(extradata):
        units = _prefixed(packet, (extradata[4] & 3) + 1, len(packet))
    else:
        units = ((kind, unit[4:]) for kind, unit in _headers(packet))
    return any(_ORIENTATION in _messages(unit) for kind, unit in units if kind == _SEI)


def is_avcc(extradata: bytes | None) -> bool:
    """Whether parameter sets come apart from the pictures, as in MP4, FLV and Matroska."""
    return bool(extradata) and extradata[0] == 1 and len(extradata) > 4


def codec_string(extradata: bytes | None) -> str | None:
    """avc1.PPCCLL (RFC 6381) from the stream's parameter sets, or None if they are not known."""
    if not extradata:
        return None
    if extradata[0] == 1:  # avcC: version, profile, constraints, level
        return f"avc1.{extradata[1:4].hex()}"
    return next((f"avc1.{body[1:4].hex()}" for kind, body in _units(extradata, None) if kind == _SPS), None)


class ParameterSets:
    """The latest parameter sets of an Annex B stream. `extradata`: those that probing found."""

    def __init__(self, extradata: bytes | None) -> None:
        self._known: dict[int, bytes] = {}
        self._remember(extradata or b"")

    def complete(self, picture: bytes) -> bytes | None:
        """An IDR picture with its parameter sets, which a decoder can start at; None while these are not known.

        Damaged bytes before the first start code are left out: FFmpeg's muxer refuses a picture that begins with them.
        """
        own = self._remember(picture)
        if {_SPS, _PPS} - self._known.keys():
            return None
        begun = _unit_at(picture, 0)
        if {_SPS, _PPS} <= own:
            return picture[begun:]
        at = begun
        if picture[picture.find(_START) + 3] & 31 == _DELIMITER:  # stays in front
            at = _unit_at(picture, picture.find(_START) + 3)
        return picture[begun:at] + self._known[_SPS] + self._known[_PPS] + picture[at:]

    @property
    def sequence(self) -> bytes:
        """The sequence parameter sets, with which a decoder is set up; empty while none is known."""
        return self._known.get(_SPS, b"")

    def _remember(self, data: bytes) -> set[int]:
        found: dict[int, bytes] = {}
        for kind, unit in _headers(data):
            if kind in (_SPS, _PPS):
                found[kind] = found.get(kind, b"") + unit
        self._known |= found
        return set(found)


def _units(data: bytes, extradata: bytes | None) -> Iterator[tuple[int, bytes]]:
    """(type, first bytes) of each NAL unit; length prefixes if `extradata` is avcC, start codes otherwise."""
    if extradata and is_avcc(extradata):
        yield from _prefixed(data, (extradata[4] & 3) + 1)
    else:
        yield from _delimited(data)


def _messages(sei: bytes) -> Iterator[int]:
    """The types of the messages of an SEI unit."""
    data, at = sei[1:].replace(b"\0\0\3", b"\0\0"), 0
    while at + 2 < len(data):
        kind, at = _number(data, at)
        size, at = _number(data, at)
        yield kind
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number in bytes of 255 and a last one, and the position after it."""
    number = 0
    while at < len(data) and data[at] == 255:
        number, at = number + 255, at + 1
    return number + (data[at] if at < len(data) else 0), at + 1


def _prefixed(data: bytes, width: int, most: int = 64) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + width < len(data):
        end = at + width + int.from_bytes(data[at : at + width])
        yield data[at + width] & 31, data[at + width : min(end, at + width + most)]
        at = end


def _delimited(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = data.find(_START)
    while 0 <= at < len(data) - 3:
        yield data[at + 3] & 31, data[at + 3 : at + 67]
        at = data.find(_START, at + 3)


def _unit_at(picture: bytes, start: int) -> int:
    """The position of the next start code, of three bytes or of four."""
    at = picture.find(_START, start)
    return at - 1 if at > start and picture[at - 1] == 0 else at


def _headers(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, bytes with a start code) of the NAL units before the first slice."""
    at = data.find(_START)
    while 0 <= at < len(data) - 3:
        following = data.find(_START, at + 3)
        kind = data[at + 3] & 31
        if kind in _SLICES:
            return
        yield kind, b"\0" + data[at : following if following >= 0 else len(data)].rstrip(b"\0")
        at = following
