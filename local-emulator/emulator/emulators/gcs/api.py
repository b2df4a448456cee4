"""The parts of the emulator that handlers use, put together once per process."""

from __future__ import annotations

from pathlib import Path

from .buckets import Buckets
from .clock import Clock
from .identity.keys import KeyRing
from .identity.tokens import Tokens
from .journal import Journal
from .outbox import Outbox, Publisher
from .resumable import Uploads
from .storage import Storage
from .store.blobs import Blobs
from .store.catalog import Catalog
from .store.disk import DiskBlobs
from .store.memory import MemoryBlobs


class Api:
    """The emulator without its server: `data` None keeps everything in memory. `owner`: see `access`."""

    def __init__(
        self,
        publisher: Publisher,
        *,
        data: Path | None = None,
        project: str = "local",
        owner: str | None = None,
        clock: Clock | None = None,
        key_file: Path | None = None,
        journal: Path | None = None,
    ) -> None:
        self.project = project
        self.owner = owner
        self.clock = clock or Clock()
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
        self.blobs: Blobs = DiskBlobs(data) if data else MemoryBlobs()
        self.catalog = Catalog(data / "catalog.sqlite" if data else None)
        self.outbox = Outbox(publisher)
        self.buckets = Buckets(self.catalog, self.clock)
        changes = Journal(journal, self.blobs) if journal else None
        self.storage = Storage(self.catalog, self.blobs, self.buckets, self.clock, self.outbox, changes)
        self.uploads = Uploads(self.catalog, self.blobs, self.storage, self.clock)
        self.tokens = Tokens(data / "tokens.key" if data else None)
        key_file = key_file or (data / "service-account.json" if data else None)
        self.keys = KeyRing(key_file, project, shared=owner is not None)

    def close(self) -> None:
        """Delivers the notifications that wait, then closes the store."""
        self.outbox.close()
        self.catalog.close()
