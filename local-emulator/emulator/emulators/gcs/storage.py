"""Objects: written, changed and deleted, with versions, preconditions and events.

Nothing here awaits: what is checked still holds when it is written, however many requests are under way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...rates import WriteRates
from . import events
from .buckets import Buckets
from .clock import MICROSECONDS, Clock
from .errors import no_object
from .events import Event
from .fields import check_object_name, merge, object_fields, without_nulls
from .journal import Journal
from .model import Bucket, Content, StoredObject
from .outbox import Outbox
from .store.blobs import Blobs
from .store.catalog import Catalog
from .transfer.preconditions import NONE, Preconditions

log = logging.getLogger(__name__)


class Storage:
    """Every method raises 404 for what is not there and 412 where `conditions` do not hold. `base` goes into links."""

    def __init__(
        self,
        catalog: Catalog,
        blobs: Blobs,
        buckets: Buckets,
        clock: Clock,
        outbox: Outbox,
        journal: Journal | None = None,
    ) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self._buckets = buckets
        self._clock = clock
        self._outbox = outbox
        self._journal = journal
        self._generation = catalog.last_generation()
        self.rates = WriteRates()

    def find(self, bucket: str, name: str, generation: int | None = None) -> StoredObject:
        """The live version, or the one named."""
        self._buckets.get(bucket)
        if generation is None:
            found = self._catalog.live(bucket, name)
        else:
            found = self._catalog.version(bucket, name, generation)
        if found is None:
            raise no_object(bucket, name)
        return found

    def admit(self, bucket: str, name: str, conditions: Preconditions) -> None:
        """Refuses a write that cannot succeed before its body is read. Raises 400 and 503 too."""
        check_object_name(name)
        if self._buckets.get(bucket).notifications:
            self._outbox.admit()
        current = self._catalog.live(bucket, name)
        conditions.check(current)

    def put(
        self,
        bucket: str,
        name: str,
        content: Content,
        fields: Mapping[str, Any],
        conditions: Preconditions = NONE,
        *,
        base: str,
    ) -> StoredObject:
        """A new live version with these bytes, which from now on belong to it."""
        self.admit(bucket, name, conditions)
        where = self._buckets.get(bucket)
        before = self._catalog.live(bucket, name)
        now = self._clock.now()
        self._count(bucket, name, now)
        self._generation = max(now, self._generation + 1)
        stored = StoredObject(bucket, name, self._generation, 1, content, now, now, without_nulls(fields))
        with self._catalog.transaction():
            replaced = self._retire(where, before, now, by=stored.generation) if before else None
            self._catalog.save(stored)
        if before and not where.versioned:
            self._blobs.delete(before.content.blob)
        happened = Event(events.FINALIZE, stored, now, before.generation if before else None)
        self._announce(where, [happened, replaced], base)
        return stored

    def change(
        self,
        found: StoredObject,
        resource: Mapping[str, Any],
        conditions: Preconditions = NONE,
        *,
        base: str,
        whole: bool = False,
    ) -> StoredObject:
        """PATCH, or with `whole` PUT, of what was declared of a version. Raises 400."""
        conditions.check(found)
        where = self._ready(found.bucket)
        fields = object_fields(resource)
        merged = without_nulls(fields) if whole else merge(found.fields, fields)
        now = self._clock.now()
        self._count(found.bucket, found.name, now)
        changed = replace(found, fields=merged, metageneration=found.metageneration + 1, updated=now)
        self._catalog.save(changed)
        self._announce(where, [Event(events.METADATA_UPDATE, changed, now)], base)
        return changed

    def delete(
        self, found: StoredObject, conditions: Preconditions = NONE, *, base: str, permanently: bool = False
    ) -> None:
        """Deletes a version; in a versioned bucket a live one is kept as noncurrent, unless `permanently`."""
        conditions.check(found)
        where = self._ready(found.bucket)
        now = self._clock.now()
        if where.versioned and found.live and not permanently:
            happened = self._retire(where, found, now, by=None)
        else:
            self._catalog.drop(found)
            self._blobs.delete(found.content.blob)
            happened = Event(events.DELETE, replace(found, deleted=found.deleted or now), now)
        self._announce(where, [happened], base)

    def _ready(self, bucket: str) -> Bucket:
        where = self._buckets.get(bucket)
        if where.notifications:
            self._outbox.admit()
        return where

    def _retire(self, where: Bucket, before: StoredObject, now: int, *, by: int | None) -> Event:
        gone = replace(before, deleted=now)
        if where.versioned:
            self._catalog.save(gone)
            return Event(events.ARCHIVE, gone, now, by)
        self._catalog.drop(before)
        return Event(events.DELETE, gone, now, by)

    def _count(self, bucket: str, name: str, now: int) -> None:
        path = f"{bucket}/{name}"
        if self.rates.note(path, now / MICROSECONDS) and self.rates.times(path) == 1:
            log.warning("%s is written more than once a second, which Cloud Storage refuses", path)

    def _announce(self, where: Bucket, happened: list[Event | None], base: str) -> None:
        for event in happened:
            if event is not None and self._journal:
                self._journal.note(event)
            if event is not None and where.notifications:
                self._outbox.post(events.messages(where, event, base))
