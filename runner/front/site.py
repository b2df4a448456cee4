"""The page's files, out of a private bucket.

A file that is not there now is answered from its newest noncurrent version: while a deployment replaces it, and for
pages that are still open and ask for a part of the release before. So no deployment shows a 404.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.storage import Blob, Bucket
from werkzeug.datastructures import Accept
from werkzeug.wrappers import Response as AnyResponse

from pipeline.cloud.clients import storage_client
from pipeline.domain.errors import NotFound

from .settings import front

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}")
_LONGEST = 200  # characters of a name
_HASHED = "assets/"  # their names change with what is in them
_ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the preferred one first
_COMPRESSED = (".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt")
_FRESH = 5.0  # seconds for which a file is answered from memory without a look at the bucket
_MOST = 64 << 20  # bytes in memory
_ENTRY = 512  # bytes that a name takes beside its file
_TIMEOUT = 10  # seconds
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

routes = Blueprint("site", __name__)


@dataclass(frozen=True, slots=True)
class File:
    """A file as the bucket has it. `data` is None if the bucket has no such file."""

    data: bytes | None
    content_type: str = ""
    etag: str = ""
    seen: float = 0.0  # monotonic time of the last look at the bucket


class Files:
    """Files by name, in memory up to `most` bytes: those that were asked for last. Threads may share it."""

    def __init__(
        self, bucket: Callable[[], Bucket], *, most: int = _MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bucket = bucket
        self._most = most
        self._clock = clock
        self._files: OrderedDict[str, File] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()
        self._newest: Mapping[str, int] = {}
        self._listed = float("-inf")
        self._listing = threading.Lock()

    def get(self, name: str, *, noncurrent: bool) -> File | None:
        """The file, as it was at most five seconds ago. `noncurrent`: an earlier version may stand in."""
        known = self._files.get(name)
        now = self._clock()
        if known and (now - known.seen < _FRESH or (known.data is not None and name.startswith(_HASHED))):
            with self._lock:
                if name in self._files:
                    self._files.move_to_end(name)
        else:
            known = replace(self._read(name, noncurrent=noncurrent), seen=now)
            self._keep(name, known)
        return known if known.data is not None else None

    def _read(self, name: str, *, noncurrent: bool) -> File:
        try:
            return _file(self._bucket().blob(name))
        except GoogleNotFound:
            if not noncurrent:
                return File(None)
        generation = self._generations().get(name)
        try:
            return File(None) if generation is None else _file(self._bucket().blob(name, generation=generation))
        except GoogleNotFound:  # it has expired
            return File(None)

    def _generations(self) -> Mapping[str, int]:
        """The newest generation of every name, current or not, as of at most five seconds ago: names that are nowhere
        cost no listing each."""
        with self._listing:
            if self._clock() - self._listed >= _FRESH:
                found: dict[str, int] = {}
                for blob in self._bucket().list_blobs(versions=True, timeout=_TIMEOUT):
                    found[blob.name] = max(found.get(blob.name, 0), int(blob.generation or 0))
                self._newest, self._listed = found, self._clock()
            return self._newest

    def _keep(self, name: str, file: File) -> None:
        with self._lock:
            self._held += _size(file) - _size(self._files.pop(name, None))
            self._files[name] = file
            while self._held > self._most and len(self._files) > 1:
                self._held -= _size(self._files.popitem(last=False)[1])


def _file(blob: Blob) -> File:
    data = blob.download_as_bytes(timeout=_TIMEOUT)  # the answer's headers say the type
    return File(data, blob.content_type or "application/octet-stream", hashlib.sha256(data).hexdigest()[:32])


def _size(file: File | None) -> int:
    return 0 if file is None else _ENTRY + len(file.data or b"")


_files = Files(lambda: storage_client().bucket(front().site_bucket))


@routes.get("/")
@routes.get("/<path:name>")
def page(name: str = "index.html") -> AnyResponse:
    """A file of the page, compressed where the browser takes that. Raises NotFound."""
    found = None
    if _NAME.fullmatch(name) and len(name) <= _LONGEST:
        found = _files.get(name, noncurrent=True)
    if found is None or found.data is None:
        raise NotFound("this page does not exist")
    encoding, data, etag = _encoded(name, found)
    headers = {"Cache-Control": IMMUTABLE if name.startswith(_HASHED) else REVALIDATE, "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    response = Response(data, content_type=found.content_type, headers=headers)
    response.set_etag(etag)
    return response.make_conditional(request)


def _encoded(name: str, plain: File) -> tuple[str, bytes, str]:
    """Encoding, bytes, ETag. Only the current version of a compressed variant counts: others are of other releases."""
    accepted: Accept = request.accept_encodings
    if name.endswith(_COMPRESSED):
        for encoding, ending in _ENCODINGS.items():
            if accepted.quality(encoding) > 0 and (packed := _files.get(name + ending, noncurrent=False)):
                return encoding, packed.data or b"", packed.etag
    return "", plain.data or b"", plain.etag
