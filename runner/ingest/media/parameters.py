"""Parameter sets of H.264 in MPEG-TS (Annex B): each segment must begin with them, and not every sender repeats them.

In the framing of MP4, FLV and Matroska they come apart from the pictures, and a filter of FFmpeg's puts them before
each IDR.
"""

from __future__ import annotations

from collections.abc import Iterator

_START = b"\0\0\1"
_SLICES = range(1, 6)
_SPS, _PPS, _DELIMITER = 7, 8, 9


class ParameterSets:
    """Remembers the latest. `extradata` is what probing found."""

    def __init__(self, extradata: bytes | None) -> None:
        self._known: dict[int, bytes] = {}
        self._remember(extradata or b"")

    def complete(self, picture: bytes) -> bytes | None:
        """An IDR picture that a decoder can start at; None where its parameter sets are not known.

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
        """The sequence parameter sets: what a decoder is set up with. Empty where none is known."""
        return self._known.get(_SPS, b"")

    def _remember(self, data: bytes) -> set[int]:
        found: dict[int, bytes] = {}
        for kind, unit in _headers(data):
            if kind in (_SPS, _PPS):
                found[kind] = found.get(kind, b"") + unit
        self._known |= found
        return set(found)


def _unit_at(picture: bytes, start: int) -> int:
    """Where the next start code begins, of three bytes or of four."""
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
