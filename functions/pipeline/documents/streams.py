"""Streams and their sessions.

Every write is a merge of fields onto a derived path, so that doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter, Increment

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Conflict, Failure, NotFound
from ..domain.model import AnalysisSettings, Kind, SpeechSettings, Stream, StreamState
from ..domain.people import UNSAID, Visibility
from ..domain.settings import own_tenant
from . import retention
from .control import audit, stream_keys

if TYPE_CHECKING:
    from google.cloud import firestore

_ATTEMPTS = 6
_DESCRIBED = ("name", "settings", "visibility", "viewers")


def create(stream: Stream, key: str) -> None:
    """Writes a new stream, after the hash of its key. Raises Conflict where the id is taken."""
    db = firestore_client()
    batch, document = db.batch(), db.document(names.stream_path(stream.id))
    # Not a word about whose it is: ids are the deployment's, and tenants know nothing of each other.
    taken = Conflict(f"stream id {stream.id!r} is taken: choose another one")
    if document.get(["state"]).exists:
        raise taken
    key_version = stream_keys.make(stream.id, key, stream.created or datetime.now(UTC))
    # Grants of a deleted stream do not open another one of its name.
    epoch = {"epoch": int((stream.created or datetime.now(UTC)).timestamp())}
    batch.create(document, _fields(stream) | epoch)
    try:
        audit.commit(batch, document.path, is_now=_fields(stream))
    except AlreadyExists:
        stream_keys.unmake(stream.id, key_version)
        raise taken from None


def get(stream_id: str) -> Stream:
    """The stream. Raises NotFound."""
    snapshot = firestore_client().document(names.stream_path(stream_id)).get()
    if not snapshot.exists:
        raise NotFound(f"stream {stream_id!r} does not exist")
    return _stream(snapshot)


def list_all(limit: int = 100, after: str | None = None) -> list[Stream]:
    """Up to `limit` streams in order of their ids, those after `after`."""
    return _page(firestore_client().collection("streams"), limit, after)


def of_tenant(tenant: str, limit: int, after: str | None = None, viewer: str | None = None) -> list[Stream]:
    """The same of one tenant; with `viewer`, a member's id, only those that this viewer may see."""
    query = firestore_client().collection("streams").where(filter=FieldFilter("tenant", "==", tenant))
    if viewer is None:
        return _page(query, limit, after)
    shown = FieldFilter("visibility", "in", [Visibility.TENANT.value, Visibility.PUBLIC.value])
    listed = FieldFilter("viewers", "array_contains", viewer)
    found = {one.id: one for part in (shown, listed) for one in _page(query.where(filter=part), limit, after)}
    return [found[id] for id in sorted(found)][:limit]


def _page(query: Any, limit: int, after: str | None) -> list[Stream]:
    query = query.order_by("__name__").limit(limit)
    if after is not None:
        query = query.start_after([firestore_client().document(names.stream_path(after))])
    return [_stream(snapshot) for snapshot in query.stream()]


def active() -> list[Stream]:
    """Streams that have a publisher, or wait for one."""
    states = [state.value for state in (StreamState.CONNECTING, StreamState.LIVE, StreamState.RECONNECTING)]
    query = firestore_client().collection("streams").where(filter=FieldFilter("state", "in", states))
    return [_stream(snapshot) for snapshot in query.stream()]


def since(tenant: str, at: datetime) -> list[Stream]:
    """Up to 200 streams of a tenant of which a segment has come since an instant, the newest first."""
    query = firestore_client().collection("streams").where(filter=FieldFilter("tenant", "==", tenant))
    query = query.where(filter=FieldFilter("last_segment_at", ">=", at))
    found = query.order_by("last_segment_at", direction="DESCENDING").limit(200).stream()
    return [_stream(snapshot) for snapshot in found]


def set_state(stream_id: str, state: StreamState, **changes: Any) -> None:
    """Moves a stream to `state`; `changes` are further fields (session, source, error, last_segment_at).

    Raises NotFound: a deleted stream is not brought back.
    """
    document = firestore_client().document(names.stream_path(stream_id))
    try:
        document.update({"state": state.value, **changes})
    except GoogleNotFound:
        raise NotFound(f"stream {stream_id!r} was deleted") from None


def describe(stream: Stream, named: Collection[str]) -> None:
    """Writes those of a stream's fields that are `named`: `name`, `settings`, `visibility`, `viewers`. Raises NotFound.

    Others stay as they are now, whatever `stream` holds: another change may be under way.
    """
    document = firestore_client().document(names.stream_path(stream.id))
    fields = {name: value for name, value in _fields(stream).items() if name in named and name in _DESCRIBED}
    try:
        audit.update(document, fields)
    except GoogleNotFound:
        raise NotFound(f"stream {stream.id!r} does not exist") from None


def raise_epoch(stream_id: str) -> None:
    """Takes back every grant of a stream. Raises NotFound."""
    try:
        audit.update(firestore_client().document(names.stream_path(stream_id)), {"epoch": Increment(1)})
    except GoogleNotFound:
        raise NotFound(f"stream {stream_id!r} does not exist") from None


def update_session(stream_id: str, session: str, **facts: Any) -> None:
    """Merges `facts` (ended, codecs, width, height, fps, segments, media_seconds, vod) into a session."""
    firestore_client().document(names.session_path(stream_id, session)).set(kept(facts), merge=True)


def record(stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any], option: Any = None) -> None:
    """Merges fields into a stream's document and `facts`, if any, into its session's, in one commit.

    Raises NotFound if the stream was deleted: a write from a session that outlives it must not bring it back.
    """
    db = firestore_client()
    batch = db.batch()
    batch.update(db.document(names.stream_path(stream_id)), stream, option)
    if facts:
        batch.set(db.document(names.session_path(stream_id, session)), kept(facts), merge=True)
    try:
        batch.commit()
    except GoogleNotFound:
        raise NotFound(f"stream {stream_id!r} was deleted") from None


def record_while(
    check: Callable[[], None], stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any]
) -> None:
    """`record`, as long as `check`, which looks at another database, does not raise.

    What ends the session makes `check` raise first and writes to the stream then: so this write, which replaces the
    stream as it was before the check, never comes after that end. Raises NotFound, Conflict, and what `check` does.
    """
    db = firestore_client()
    for _ in range(_ATTEMPTS):
        found = db.document(names.stream_path(stream_id)).get(["state"])
        if not found.exists:
            raise NotFound(f"stream {stream_id!r} was deleted")
        check()
        with suppress(FailedPrecondition):
            return record(stream_id, session, stream, facts, db.write_option(last_update_time=found.update_time))
    raise Conflict(f"stream {stream_id!r} is changed by many at once: send this again")


def kept(facts: dict[str, Any]) -> dict[str, Any]:
    """`facts` of a session's document with its new expiry: each write keeps it as long as the newest media."""
    return {**facts, "expires": retention.of_session()}


def _fields(stream: Stream) -> dict[str, Any]:
    fields = asdict(stream)
    del fields["id"]
    fields["settings"] = stream.settings.fields(endpoints=False)
    fields["state"] = stream.state.value
    fields["tenant"] = stream.tenant or own_tenant()
    fields["visibility"] = stream.visibility.value
    fields["viewers"] = list(stream.viewers)
    fields["error"] = stream.error and stream.error.fields()
    return fields


def _stream(snapshot: firestore.DocumentSnapshot[Any]) -> Stream:
    fields: dict[str, Any] = snapshot.to_dict() or {}
    known = {name: fields.get(name) for name in ("source", "session", "last_segment_at", "created", "reconnect_until")}
    return Stream(
        id=str(snapshot.id),
        name=fields.get("name", ""),
        state=StreamState(fields.get("state", StreamState.IDLE)),
        settings=_settings(fields.pop("settings", None) or {}),
        error=Failure.read(fields.get("error")),
        tenant=fields.get("tenant") or own_tenant(),
        visibility=Visibility(fields.get("visibility") or UNSAID),
        viewers=tuple(fields.get("viewers") or ()),
        created_by=fields.get("created_by"),
        **known,
    )


def _settings(fields: dict[str, Any]) -> AnalysisSettings:
    """The settings, which were checked when written. Streams of an earlier release have one threshold, or none."""
    threshold: Any = fields.get("threshold") or {}
    if not isinstance(threshold, dict):
        threshold = dict.fromkeys((kind.value for kind in Kind), threshold)
    return AnalysisSettings(
        kinds=tuple(Kind(kind) for kind in fields.get("kinds", ())),
        providers={Kind(kind): tuple(listed) for kind, listed in (fields.get("providers") or {}).items()},
        threshold={Kind(kind): float(value) for kind, value in threshold.items()},
        brands=tuple(fields.get("brands") or ()),
        sampling=dict(fields.get("sampling") or {}),
        speech=_speech(fields.get("speech") or {}),
        words={Kind(kind): tuple(words) for kind, words in (fields.get("words") or {}).items()},
    )


def _speech(fields: dict[str, Any]) -> SpeechSettings:
    return SpeechSettings(fields.get("enabled"), tuple(fields.get("languages") or ()))
