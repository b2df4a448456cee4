"""Staged segments, which wait for a playlist to list them: objects under `staging/`, which cause no events.

The metadata of an object keeps the measures of its segment. A segment that no playlist lists expires.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, NotFound, RetryError
from google.cloud.storage import Blob
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from pipeline.cloud.clients import media_bucket
from pipeline.domain import names
from pipeline.domain.errors import Unavailable

from .plan import Staged
from .remux import Content

_TIMEOUT_SECONDS = 10  # of one attempt
_DEADLINE_SECONDS = 20.0  # of all attempts: a sender waits
_LOOK_SECONDS = 0.25
_MAX_OBJECTS = 500  # of one look
_MAX_STAGED = 64  # of one stream, as many as a playlist's end may list
_RETRY = DEFAULT_RETRY.with_delay(initial=0.25, maximum=2.0, multiplier=2.0).with_timeout(_DEADLINE_SECONDS)
_FIELDS = "items(name,generation,crc32c,timeCreated,metadata),nextPageToken"


@dataclass(frozen=True, slots=True)
class Stage:
    """The staged objects of a stream: segments by name, and the arrival of each initialisation segment."""

    segments: Mapping[str, Staged]
    inits: Mapping[str, datetime]

    def init_for(self, name: str) -> str | None:
        """The latest initialisation segment of the same folder."""
        folder = name.rpartition("/")[0]
        found = [init for init in self.inits if init.rpartition("/")[0] == folder]
        return max(found, key=self.inits.__getitem__, default=None)


def put(stream: str, name: str, data: bytes, content: Content | None) -> Staged | None:
    """Stores a segment; with `content` None an initialisation segment. Raises Unavailable."""
    blob = media_bucket().blob(names.staged_object(stream, name))
    blob.metadata = _metadata(content) if content else {"init": "true"}
    with _answering(f"{name} could not be kept"):
        blob.upload_from_string(
            data, "application/octet-stream", checksum="crc32c", timeout=_TIMEOUT_SECONDS, retry=_RETRY
        )
    return _staged(stream, blob)


def make_room(stream: str) -> None:
    """Drops the oldest staged objects of a stream, segments first, so that another one fits. Raises Unavailable."""
    blobs = _list(stream)
    oldest = sorted(blobs, key=lambda blob: (_is_init(blob), blob.time_created))
    for blob in oldest[: max(0, len(blobs) - _MAX_STAGED + 1)]:
        drop(stream, _name(stream, blob), int(blob.generation or 0))


def look(stream: str) -> Stage:
    """Lists the staged objects. Raises Unavailable."""
    blobs = _list(stream)
    segments = {staged.name: staged for blob in blobs if (staged := _staged(stream, blob))}
    inits = {_name(stream, blob): blob.time_created for blob in blobs if _is_init(blob) and blob.time_created}
    return Stage(segments, inits)


def changed(stream: str, before: Stage, until: float) -> bool:
    """Waits until other objects are staged, to `until` on the monotonic clock at most. Returns whether they are.

    Another instance may stage them, of which no event tells this one.
    """
    while time.monotonic() < until:
        if look(stream) != before:
            return True
        time.sleep(_LOOK_SECONDS)
    return False


def read(stream: str, name: str, generation: int | None = None) -> bytes | None:
    """The bytes of a staged object, or None if it does not exist. Raises Unavailable."""
    blob = media_bucket().blob(names.staged_object(stream, name), generation=generation)
    with _answering(f"{name} could not be read"):
        try:
            return blob.download_as_bytes(timeout=_TIMEOUT_SECONDS, retry=_RETRY, checksum="crc32c")
        except NotFound:
            return None


def drop(stream: str, name: str, generation: int) -> None:
    """Deletes a generation of a staged object. A missing object is ignored."""
    blob = media_bucket().blob(names.staged_object(stream, name))
    with _answering(f"{name} could not be deleted"):
        try:
            blob.delete(if_generation_match=generation, timeout=_TIMEOUT_SECONDS, retry=_RETRY)
        except NotFound:
            return


def _list(stream: str) -> list[Blob]:
    prefix = names.staged_object(stream, "")
    with _answering("what was sent could not be listed"):
        found = media_bucket().list_blobs(prefix=prefix, max_results=_MAX_OBJECTS, fields=_FIELDS, retry=_RETRY)
        return list(found)


@contextmanager
def _answering(failed: str) -> Generator[None]:
    try:
        yield
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"{failed}: {error}") from error


_CONTENT: Mapping[str, Callable[[str], Any]] = {"duration": float, "frame": float, "signature": str}


def _metadata(content: Content) -> dict[str, str]:
    return {name: str(getattr(content, name)) for name in _CONTENT}


def _staged(stream: str, blob: Blob) -> Staged | None:
    metadata = blob.metadata or {}
    if not _CONTENT.keys() <= metadata.keys():
        return None
    assert blob.generation and blob.time_created
    measured = {name: kind(metadata[name]) for name, kind in _CONTENT.items()}
    return Staged(_name(stream, blob), int(blob.generation), str(blob.crc32c), blob.time_created, **measured)


def _is_init(blob: Blob) -> bool:
    return "init" in (blob.metadata or {})


def _name(stream: str, blob: Blob) -> str:
    return str(blob.name).removeprefix(names.staged_object(stream, ""))
