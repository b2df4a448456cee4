"""Resumable uploads: sessions that outlive connections and, on disk, this process.

How a chunk is taken in: `chunks`.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from .clock import DAY, Clock
from .errors import ApiError, not_found
from .model import Content, StoredObject
from .storage import Storage
from .store.blobs import Blobs, pieces
from .store.catalog import Catalog
from .transfer.checksums import Checksums, Expected
from .transfer.chunks import Chunk, Incoming, append
from .transfer.length_range import LengthRange
from .transfer.preconditions import Preconditions

KEPT = 7 * DAY


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
    length: str | None = None  # `x-goog-content-length-range` of the request that began it


class Uploads:
    """All sessions. Raises 404 for one that is unknown or older than a week, 499 for one that was cancelled."""

    def __init__(self, catalog: Catalog, blobs: Blobs, storage: Storage, clock: Clock) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self._storage = storage
        self._clock = clock
        self._open: dict[str, Incoming] = {}
        sessions = [_session(body) for body in catalog.uploads()]
        blobs.keep_only(catalog.blobs(), {session.blob for session in sessions})

    def start(
        self,
        bucket: str,
        name: str,
        fields: dict[str, Any],
        conditions: Preconditions,
        expected: Expected,
        length: str | None = None,
    ) -> Session:
        """A new session. Raises what a write of the object would."""
        self._storage.admit(bucket, name, conditions)
        writer = self._blobs.create()
        upload_id = secrets.token_urlsafe(24)
        given = (fields, conditions.dict(), asdict(expected))
        session = Session(upload_id, bucket, name, writer.key, *given, self._clock.now(), length=length)
        self._open[upload_id] = Incoming(writer, Checksums())
        self._save(session)
        return session

    def get(self, upload_id: str) -> Session:
        """The session."""
        body = self._catalog.upload(upload_id)
        if body is None:
            raise not_found("No such upload: the session is unknown or has expired; start the upload again.")
        session = _session(body)
        if session.generation is None and upload_id not in self._open:
            session.generation = self._completed(session)
        if session.cancelled:
            raise ApiError(499, "cancelled", "The upload was cancelled.", xml="NoSuchUpload")
        return session

    def offset(self, session: Session) -> int:
        """The number of bytes that are kept."""
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
        if session.generation is None:
            opened = self._opened(session)
            async with opened.lock:
                session = self.get(session.id)  # another request may have completed or cancelled it meanwhile
                if session.generation is None:
                    return await self._take(session, opened, chunk, body, expected, base)
        return self._storage.find(session.bucket, session.name, session.generation)

    def expire(self) -> None:
        """Forgets sessions older than a week."""
        for body in self._catalog.uploads():
            session = _session(body)
            if session.started + KEPT <= self._clock.now():
                self._forget(session)
                self._catalog.drop_upload(session.id)

    async def _take(
        self,
        session: Session,
        opened: Incoming,
        chunk: Chunk,
        body: AsyncIterator[bytes],
        expected: Expected,
        base: str,
    ) -> StoredObject | None:
        if session.length and chunk.end is not None:  # of what is too large not a byte is kept
            LengthRange.of(session.length).check_most(max(chunk.end, chunk.total or 0))
        try:
            await append(opened, chunk, body)
        finally:
            opened.writer.pause()
        if not chunk.completes(opened.writer.size):
            return None
        return self._finish(session, opened, expected, base)

    def _finish(self, session: Session, opened: Incoming, expected: Expected, base: str) -> StoredObject:
        writer, sums = opened.writer, opened.checksums
        content = Content(writer.key, writer.size, sums.crc32c, sums.md5)
        try:
            if session.length:
                LengthRange.of(session.length).check(content.size)
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

    def _opened(self, session: Session) -> Incoming:
        opened = self._open.get(session.id)
        if opened is None:
            opened = self._open[session.id] = self._reopen(session)
        return opened

    def _completed(self, session: Session) -> int | None:
        """The generation that has the session's bytes: a crash may have come before the session was told."""
        for stored in self._catalog.scan(session.bucket, (session.name, 0), versions=True):
            if stored.name != session.name:
                return None
            if stored.content.blob == session.blob:
                return stored.generation
        return None

    def _reopen(self, session: Session) -> Incoming:
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
        return Incoming(writer, checksums)

    def _forget(self, session: Session) -> None:
        opened = self._open.pop(session.id, None)
        if opened is not None:
            opened.writer.discard()
        elif session.generation is None:
            with suppress(FileNotFoundError):  # nothing was sent since the restart, or ever
                self._blobs.resume(session.blob).discard()

    def _save(self, session: Session) -> None:
        self._catalog.save_upload(session.id, asdict(session))


def _session(body: dict[str, Any]) -> Session:
    return Session(**body)
