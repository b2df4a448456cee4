"""The top-level boxes of a piece of fragmented MP4."""

from __future__ import annotations

_MAX_BOXES = 64


def kinds(data: bytes) -> tuple[bytes, ...]:
    """The types of the boxes, in order, up to the first invalid one."""
    found: list[bytes] = []
    at = 0
    while at + 8 <= len(data) and len(found) < _MAX_BOXES:
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1 and at + 16 <= len(data):
            size = int.from_bytes(data[at + 8 : at + 16])
        if size < 8 or not kind.isalnum():
            break
        found.append(kind)
        at += size
    return tuple(found)


def is_init(data: bytes) -> bool:
    """Whether these are parameters without media: an initialisation segment (EXT-X-MAP)."""
    found = kinds(data)
    return b"moov" in found and b"moof" not in found and b"mdat" not in found
