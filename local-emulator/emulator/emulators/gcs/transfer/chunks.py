"""Chunks of resumable uploads: what a request carries, and how its bytes are taken in.

Only whole multiples of 256 KiB are kept of a chunk that is not the last, as Google does, and the client is told by
`Range` how far it got. Bytes that are there already are passed over; a gap is refused.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from ..errors import bad_request, unavailable
from ..store.blobs import Writer
from .checksums import Checksums

GRANULE = 256 << 10
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of a request, by its Content-Range: `start` to `end` (exclusive; None: to the end of the body).

    `total` is None while the size is unknown. A question how far it got carries no bytes: `start` is None.
    """

    start: int | None
    end: int | None
    total: int | None

    @classmethod
    def of(cls, content_range: str | None) -> Chunk:
        """Raises 400."""
        if content_range is None:
            return cls(0, None, None)
        found = _RANGE.fullmatch(content_range.strip())
        if not found:
            raise bad_request(
                f"Invalid Content-Range {content_range!r}: use 'bytes FIRST-LAST/TOTAL', with '*' for what is unknown."
            )
        total = None if found[3] == "*" else int(found[3])
        if found[1] is None:
            return cls(None, None, total)
        start, end = int(found[1]), int(found[2]) + 1
        if end <= start or (total is not None and end > total):
            raise bad_request(f"Invalid Content-Range {content_range!r}: it must go up and end within the total.")
        return cls(start, end, total)

    @property
    def last(self) -> bool:
        """Whether the object is complete after it."""
        return self.end is None if self.total is None else self.end in (None, self.total)

    def completes(self, size: int) -> bool:
        """Whether an upload of which `size` bytes are kept is complete after it."""
        return self.total == size if self.start is None else self.last


@dataclass(slots=True)
class Incoming:
    """The bytes received so far, and their checksums. One request at a time holds the lock."""

    writer: Writer
    checksums: Checksums
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


async def append(opened: Incoming, chunk: Chunk, body: AsyncIterator[bytes]) -> None:
    """Writes what is new of `chunk`, up to the last whole granule where more will come."""
    writer = opened.writer
    if chunk.start is None:
        return
    if chunk.start > writer.size:
        raise unavailable(
            f"Invalid request. According to the Content-Range header, the upload offset is {chunk.start} byte(s),"
            f" which exceeds already uploaded size of {writer.size} byte(s)."
        )
    at = chunk.start
    until = None if chunk.last or chunk.end is None else chunk.end // GRANULE * GRANULE
    async for piece in body:
        fresh = piece[max(0, writer.size - at) :] if writer.size > at else piece
        at += len(piece)
        if until is not None and at > until:
            fresh = fresh[: max(0, until - writer.size)]
        writer.write(fresh)
        opened.checksums.update(fresh)
    if chunk.end is not None and at != chunk.end:
        raise bad_request(f"The Content-Range ends at byte {chunk.end}, but the request's body ends at {at}.")
