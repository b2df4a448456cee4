"""One import, from the claim of its document to its final state there."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.api_core.exceptions import NotFound as GoogleNotFound
from requests import RequestException

from ingest.session.broadcast import Broadcast
from ingest.session.lease_keeper import LeaseKeeper
from ingest.session.session import Context, Summary
from ingest.session.storage import CloudStorage
from ingest.settings import Ingest
from pipeline.cloud import metrics
from pipeline.cloud.transfers import read
from pipeline.control import lease as leases
from pipeline.control.lease import Lease
from pipeline.documents import imports as store
from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.errors import Conflict, Failure, LeaseLost, MediaAnalyzerError, NotFound, Stopped, Unavailable
from pipeline.domain.model import ImportState
from pipeline.domain.settings import load
from pipeline.imports.settings import uploads_bucket

from .file_feed import FileFeed
from .parallel_storage import ParallelStorage
from .remote import RemoteFile
from .settings import Importer

log = logging.getLogger(__name__)

_LEASE_RETRY_SECONDS = 2.0  # between attempts to get the lease
_TIMEOUT_SECONDS = 60  # of one read


class Import:
    """The import of one generation of an uploaded object. `stop`, from any thread, breaks it off."""

    def __init__(self, object_name: str, generation: int) -> None:
        self._object, self._generation = object_name, generation
        self._stream, self._name = names.parse_upload(object_name)
        self._session = names.import_session(object_name, generation)
        self._stopping = threading.Event()
        self._file: RemoteFile | None = None

    def run(self) -> bool:
        """Whether the import ended, in success or error; False if it broke off and another attempt may continue it."""
        try:
            if not store.claim(self._stream, self._session, os.environ.get("CLOUD_RUN_EXECUTION", "")):
                log.info("%s is finished, or another execution has it", self._object)
                return True
            summary = self._import()
        except NotFound as error:  # the stream was deleted, and its import with it
            log.info("%s: %s", self._object, error)
            return True
        except (Unavailable, LeaseLost) as error:
            if isinstance(error, Stopped):
                return self._fail(error)
            log.warning("%s: broke off: %s", self._object, error)
            return False
        except MediaAnalyzerError as error:
            return self._fail(error)
        self._end(ImportState.DONE, None, share=1.0, media_seconds=summary.media_seconds)
        metrics.count("imported_seconds", round(summary.media_seconds))
        return True

    def stop(self) -> None:
        """Ends it early: stores the part that was read, and leaves the rest to another attempt."""
        self._stopping.set()
        if self._file:
            self._file.stop()

    def _import(self) -> Summary:
        file = self._file = self._open()
        settings, mine = load(Ingest), load(Importer)
        settings = replace(settings, resume_seconds=mine.resume)
        storage = ParallelStorage(CloudStorage(settings.upload_deadline))
        try:
            lease = self._lease(mine)
            with LeaseKeeper(lease, self.stop) as keeper:
                context = Context(
                    stream=self._stream,
                    settings=settings,
                    storage=storage,
                    record=streams.record,
                    check_lease=keeper.check,
                    on_deleted=self.stop,
                    on_listed=self._on_listed,
                )
                uploaded = datetime.fromtimestamp(self._generation / 1_000_000, UTC)
                feed = FileFeed(file, uploaded, settings.max_segment_seconds, resumed=lease.resumed)
                summary = Broadcast(lease, keeper, context, feed).run("file")
        finally:
            storage.shut()
            file.close()
        if file.broken:
            raise Unavailable("it was asked to stop")
        return summary

    def _open(self) -> RemoteFile:
        blob = uploads_bucket().blob(self._object, generation=self._generation)

        def fetch(first: int, last: int) -> bytes:
            with _reading():
                return read(
                    str(blob.bucket.name), self._object, self._generation, first, last, timeout=_TIMEOUT_SECONDS
                )

        with _reading():
            blob.reload(timeout=_TIMEOUT_SECONDS)
        return RemoteFile(fetch, int(blob.size or 0))

    def _lease(self, mine: Importer) -> Lease:
        """Waits for the lease. Raises Conflict if another publisher keeps it."""
        deadline = time.monotonic() + mine.wait
        while True:
            try:
                return leases.acquire(
                    self._stream,
                    f"the import of {self._name}",
                    origin="file",
                    session=self._session,
                    resume_seconds=mine.resume,
                )
            except Conflict:
                if time.monotonic() > deadline:
                    raise
            if self._stopping.wait(_LEASE_RETRY_SECONDS):
                raise Unavailable("it was asked to stop")

    def _on_listed(self, summary: Summary) -> None:
        """Records the progress, once a second at most."""
        assert self._file is not None
        share = round(self._file.tell() / max(self._file.size, 1), 4)
        try:
            store.change(self._stream, self._session, share=min(share, 0.999), media_seconds=summary.media_seconds)
        except (GoogleAPICallError, RetryError) as error:  # the next listing records it again
            log.warning("%s: its progress was not recorded: %s", self._object, error)

    def _fail(self, error: MediaAnalyzerError) -> bool:
        log.warning("%s: %s", self._object, error)  # with what its document does not say
        return self._end(ImportState.ERROR, Failure.of(error))

    def _end(self, state: ImportState, failure: Failure | None, **facts: float) -> bool:
        store.change(self._stream, self._session, state=state.value, error=failure and failure.fields(), **facts)
        metrics.count("imports_ended", state=state.value)
        log.info("%s: %s %s", self._object, state.value, failure.message if failure else "")
        return True


@contextmanager
def _reading() -> Generator[None]:
    """Maps errors of reading: a missing file ends the import, any other error is worth another attempt."""
    try:
        yield
    except GoogleNotFound:
        raise Conflict("the file was deleted or replaced before it was imported") from None
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"the file could not be read: {error}") from error
