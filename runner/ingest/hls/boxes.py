"""Which boxes a piece of fragmented MP4 has at its top level."""

from __future__ import annotations

_MOST = 64  # boxes looked at


def kinds(data: bytes) -> tuple[bytes, ...]:
    """Their types, in order; what is no box ends the list."""
    found: list[bytes] = []
    at = 0
    while at + 8 <= len(data) and len(found) < _MOST:
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1 and at + 16 <= len(data):
            size = int.from_bytes(data[at + 8 : at + 16])
        if size < 8 or not kind.isalnum():
            break
        found.append(kind)
        at += size
    return tuple(found)


def is_init(data: bytes) -> bool:
    """Whether these are the parameters that segments are read with (EXT-X-MAP), and no media."""
    found = kinds(data)
    return b"moov" in found and b"moof" not in found and b"mdat" not in found
