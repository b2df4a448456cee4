"""Resumable uploads: sessions that outlive connections and, on disk, this process.

Only whole multiples of 256 KiB are kept of a chunk that is not the last, as Google does, and the client is told by
`Range` how far it got.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from typing import Any

from .checksums import Checksums, Expected
from .clock import DAY, Clock
from .errors import ApiError, bad_request, not_found, unavailable
from .model import Content, StoredObject
from .preconditions import Preconditions
from .storage import Storage
from .store.blobs import Blobs, Writer, pieces
from .store.catalog import Catalog

GRANULE = 256 << 10
KEPT = 7 * DAY
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(slots=True)
class Session:
    """An upload under way. `generation` is set when it is complete, `cancelled` when it was given up."""

    id: str
    bucket: str
    name: str
    blob: str
    fields: dict[str, Any]
    conditions: dict[str, int | None]
    expected: dict[str, str | None]
    started: int
    generation: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a request carries, by its Content-Range: bytes `start` to `end` (exclusive; None: to the end of the body).

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


@dataclass(slots=True)
class _Open:
    """What a session needs while bytes come in."""

    writer: Writer
    checksums: Checksums
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Uploads:
    """All sessions. Raises 404 for one that is unknown or older than a week, 499 for one that was cancelled."""

    def __init__(self, catalog: Catalog, blobs: Blobs, storage: Storage, clock: Clock) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self._storage = storage
        self._clock = clock
        self._open: dict[str, _Open] = {}
        sessions = [_session(body) for body in catalog.uploads()]
        blobs.keep_only(catalog.blobs(), {session.blob for session in sessions})

    def start(
        self, bucket: str, name: str, fields: dict[str, Any], conditions: Preconditions, expected: Expected
    ) -> Session:
        """A new session. Raises what a write of the object would."""
        self._storage.admit(bucket, name, conditions)
        writer = self._blobs.create()
        upload_id = secrets.token_urlsafe(24)
        session = Session(
            upload_id, bucket, name, writer.key, fields, conditions.dict(), asdict(expected), self._clock.now()
        )
        self._open[upload_id] = _Open(writer, Checksums())
        self._save(session)
        return session

    def get(self, upload_id: str) -> Session:
        """The session."""
        body = self._catalog.upload(upload_id)
        if body is None:
            raise not_found("No such upload: the session is unknown or has expired; start the upload again.")
        session = _session(body)
        if session.cancelled:
            raise ApiError(499, "cancelled", "The upload was cancelled.", xml="NoSuchUpload")
        return session

    def offset(self, session: Session) -> int:
        """How many bytes are kept."""
        return self._opened(session).writer.size

    def cancel(self, session: Session) -> None:
        """Forgets what was sent. A complete upload stays what it is."""
        if session.generation is None:
            self._forget(session)
            session.cancelled = True
            self._save(session)

    async def receive(
        self, session: Session, chunk: Chunk, body: AsyncIterator[bytes], expected: Expected, base: str
    ) -> StoredObject | None:
        """Takes a chunk in; the object once it is complete, None before. Raises 400, 503 for a gap, and ClientGone."""
        opened = self._opened(session)
        async with opened.lock:
            if session.generation is None:
                try:
                    await _append(opened, chunk, body)
                finally:
                    opened.writer.pause()
                if not _complete(opened.writer.size, chunk):
                    return None
                return self._finish(session, opened, expected, base)
        return self._storage.find(session.bucket, session.name, session.generation)

    def expire(self) -> None:
        """Forgets sessions older than a week."""
        for body in self._catalog.uploads():
            session = _session(body)
            if session.started + KEPT <= self._clock.now():
                self._forget(session)
                self._catalog.drop_upload(session.id)

    def _finish(self, session: Session, opened: _Open, expected: Expected, base: str) -> StoredObject:
        writer, sums = opened.writer, opened.checksums
        content = Content(writer.key, writer.size, sums.crc32c, sums.md5)
        try:
            expected.over(Expected(**session.expected)).verify(content)
            writer.commit()
            conditions = Preconditions.of_dict(session.conditions)
            stored = self._storage.put(session.bucket, session.name, content, session.fields, conditions, base=base)
        except BaseException:
            self._blobs.delete(writer.key)
            self._forget(session)
            self._catalog.drop_upload(session.id)
            raise
        session.generation = stored.generation
        self._open.pop(session.id, None)
        self._save(session)
        return stored

    def _opened(self, session: Session) -> _Open:
        opened = self._open.get(session.id)
        if opened is None:
            opened = self._open[session.id] = self._reopen(session)
        return opened

    def _reopen(self, session: Session) -> _Open:
        """After a restart: the checksums of what is there are computed again."""
        try:
            writer = self._blobs.resume(session.blob)
        except FileNotFoundError:
            writer = self._blobs.create()
            session.blob = writer.key
            self._save(session)
        checksums = Checksums()
        if writer.size:
            for piece in pieces(self._blobs.open(writer.key), 0, writer.size):
                checksums.update(piece)
        return _Open(writer, checksums)

    def _forget(self, session: Session) -> None:
        opened = self._open.pop(session.id, None)
        if opened is not None:
            opened.writer.discard()

    def _save(self, session: Session) -> None:
        self._catalog.save_upload(session.id, asdict(session))


async def _append(opened: _Open, chunk: Chunk, body: AsyncIterator[bytes]) -> None:
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


def _complete(size: int, chunk: Chunk) -> bool:
    if chunk.start is None:
        return chunk.total == size
    return chunk.last


def _session(body: dict[str, Any]) -> Session:
    return Session(**body)
