"""Every error this project raises, in one tree.

    MediaAnalyzerError
    ├── BadRequest            400  what was sent cannot be used; the message says what would be right
    │   └── UnsupportedMedia  415  not a video, no keyframe, or a codec we cannot take
    ├── Unauthorized          401  a key is missing or wrong
    ├── Forbidden             403  a grant that does not open what was asked for
    ├── NotFound              404  no such stream, session or object
    ├── Conflict              409  it exists already, or somebody else holds it
    │   └── LeaseLost         409  a publisher whose stream somebody else publishes now
    │       └── Stopped       409  an operator stopped it
    ├── Poison                422  an event that can never succeed, however often it is delivered
    ├── Stale                 410  an event about something that has since been deleted
    ├── QuotaExceeded         429  a provider refused for now
    └── Unavailable           503  a service we need did not answer

The tree is mapped once at each edge: to an HTTP status and headers (`status`, `headers`; see cloud/http.py) and, for
events, to what becomes of the message (`disposition`; see cloud/edge.py). An exception outside the tree is a defect:
500, and the message is retried.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import ClassVar


class Disposition(Enum):
    """What becomes of an event whose handler raised."""

    ACKNOWLEDGE = "acknowledge"  # nothing left to do
    RETRY = "retry"  # Pub/Sub delivers it again, with back-off
    DEAD_LETTER = "dead-letter"  # never succeeds: refused at each delivery until Pub/Sub moves it aside


class MediaAnalyzerError(Exception):
    """Base of the tree. `str(error)` is a sentence for the person who can mend it; it never holds a secret."""

    status: int = 500
    title: str = "Internal error"
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})
    disposition: Disposition = Disposition.RETRY


class BadRequest(MediaAnalyzerError):
    """What was sent cannot be used."""

    status = 400
    title = "Bad request"
    disposition = Disposition.DEAD_LETTER


class UnsupportedMedia(BadRequest):
    """Not a video, no keyframe, or a codec we cannot take."""

    status = 415
    title = "Unsupported media"


class Unauthorized(MediaAnalyzerError):
    """A key is missing or wrong."""

    status = 401
    title = "Unauthorized"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})
    disposition = Disposition.DEAD_LETTER


class Forbidden(MediaAnalyzerError):
    """A grant that does not open what was asked for: forged, expired, taken back, or of another stream."""

    status = 403
    title = "Forbidden"
    disposition = Disposition.DEAD_LETTER


class NotFound(MediaAnalyzerError):
    """No such stream, session or object."""

    status = 404
    title = "Not found"
    disposition = Disposition.DEAD_LETTER


class Conflict(MediaAnalyzerError):
    """It exists already, or somebody else holds it."""

    status = 409
    title = "Conflict"
    disposition = Disposition.RETRY


class LeaseLost(Conflict):
    """A publisher whose stream somebody else publishes now, or whose lease could not be renewed in time."""


class Stopped(LeaseLost):
    """An operator stopped the publisher."""

    title = "Stopped"


class Poison(MediaAnalyzerError):
    """An event that can never succeed, however often it is delivered."""

    status = 422
    title = "Unprocessable event"
    disposition = Disposition.DEAD_LETTER


class Stale(MediaAnalyzerError):
    """An event about something that has since been deleted: there is nothing left to do."""

    status = 410
    title = "Gone"
    disposition = Disposition.ACKNOWLEDGE


class QuotaExceeded(MediaAnalyzerError):
    """A provider refused for now."""

    status = 429
    title = "Quota exceeded"
    headers = MappingProxyType({"Retry-After": "1"})


class Unavailable(MediaAnalyzerError):
    """A service we need did not answer."""

    status = 503
    title = "Unavailable"
    headers = MappingProxyType({"Retry-After": "5"})
