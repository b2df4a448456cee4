"""`imports`: a finalised upload becomes an execution of the job `importer`.

Idempotent: the import's document is created once per generation of the object, and names its execution. If an earlier
delivery broke off in between, its execution is looked for before another is started; and an execution that finds its
import claimed by another one ends at once, so that two deliveries at the same moment import nothing twice.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud import metrics, signing
from ..cloud.events import FINALIZE, ObjectEvent
from ..documents import imports as import_documents
from ..documents import streams
from ..documents.control import quotas, upload_grants
from ..documents.control.upload_grants import UploadGrant
from ..domain import names
from ..domain.errors import BadRequest, Code, Failure, NotFound, Poison, Stale, UsedUp
from ..domain.model import ImportState, Stream
from ..domain.quotas import prepare as prepare_quotas
from ..domain.settings import Common, load
from . import job
from .settings import uploads, uploads_bucket

log = logging.getLogger(__name__)

_TIMEOUT = 20  # seconds


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    prepare_quotas()
    uploads()
    job.job()


def imports(event: ObjectEvent) -> None:
    """Starts the import of the object that `event` is about. Raises Stale, Poison, Unavailable."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    try:
        stream, _ = names.parse_upload(event.name)
    except BadRequest as error:
        raise Poison(str(error)) from None
    into = _stream(stream)
    granted = _granted(event, into)
    found = import_documents.begin(stream, event.name, event.generation, event.size, into.tenant)
    if found.execution or found.state != ImportState.STARTING:
        return
    if event.size > granted:
        _refuse(found, event, granted)
    elif reason := _used_up(stream, into.tenant):
        _end(found, event, Failure.of(reason))
    elif not import_documents.admit(found):
        log.info("%s waits for its turn", event.name)  # housekeeping starts it
    else:
        execution = job.start(event.name, event.generation, new=found.new)
        import_documents.change(stream, found.session, execution=execution)
        metrics.count("imports_started")
        log.info("%s: %s", event.name, execution)


def _stream(stream: str) -> Stream:
    try:
        return streams.get(stream)
    except NotFound:
        raise Stale(f"stream {stream!r} has been deleted") from None


def _granted(event: ObjectEvent, stream: Stream) -> int:
    """The bytes that the file may have. Raises Poison if it came by a signed address whose grant is not known.

    A grant for a stream that was deleted is none for another stream that got its id.
    """
    if signing.GRANTED not in event.metadata:  # copied there by an account that may write the bucket
        return uploads().largest
    grant = upload_grants.find(event.name)
    if grant is None or grant.tenant != stream.tenant or _older(grant, stream):
        raise Poison(f"the grant of {event.name} is not known: POST /streams/STREAM/uploads gives one")
    return min(grant.size, uploads().largest)


def _older(grant: UploadGrant, stream: Stream) -> bool:
    return grant.created is not None and stream.created is not None and grant.created < stream.created


def _refuse(found: import_documents.Import, event: ObjectEvent, most: int) -> None:
    """Records the reason and deletes the file: its sender only claimed a size, the real one is known now."""
    with suppress(GoogleNotFound):
        uploads_bucket().blob(event.name, generation=event.generation).delete(timeout=_TIMEOUT)
    _end(found, event, Failure(Code.TOO_LARGE, f"the file has {event.size} bytes; at most {most} are accepted"))


def _used_up(stream: str, tenant: str) -> UsedUp | None:
    """The quota that has no room for more media of the stream, if there is one."""
    try:
        quotas.check_media(stream, tenant)
    except UsedUp as error:
        return error
    return None


def _end(found: import_documents.Import, event: ObjectEvent, failure: Failure) -> None:
    import_documents.change(found.stream, found.session, state=ImportState.ERROR.value, error=failure.fields())
    metrics.count("imports_ended", state=ImportState.ERROR.value)
    log.warning("%s: %s", event.name, failure.message)
