"""Errors of the sender: one class for each of ingest's answers, by HTTP status, and one for a broken network.

SendError
├── BadRequest            400  a malformed address, or a message that ingest does not understand
│   └── UnsupportedMedia  415  not a video, no keyframe, or a codec that ingest cannot take
├── Unauthorized          401  the stream key is missing or wrong
├── NotFound              404  no such stream
├── Conflict              409  another sender publishes to the stream
├── QuotaExceeded         429  too many requests for now
├── UsedUp                429  a quota of the stream is used up, until the next day: its title says so
└── Unavailable           503  no connection, or ingest cannot take the stream for now
"""

from __future__ import annotations


class SendError(Exception):
    """Base of the tree. The message says what was wrong and what would be right; it never holds the stream key."""


class BadRequest(SendError):
    """A malformed address, or a message that ingest does not understand."""


class UnsupportedMedia(BadRequest):
    """Not a video, no keyframe, or a codec that ingest cannot take."""


class Unauthorized(SendError):
    """The stream key is missing or wrong."""


class NotFound(SendError):
    """No such stream."""


class Conflict(SendError):
    """Another sender publishes to the stream."""


class QuotaExceeded(SendError):
    """Too many requests for now."""


class UsedUp(SendError):
    """A quota of the stream, or of its tenant, is used up: no other attempt succeeds before the next day."""


class Unavailable(SendError):
    """No connection, or ingest cannot take the stream for now. Another attempt may succeed."""


USED_UP = "Quota used up"
"""The title of ingest's refusal for a quota; other refusals with its status pass."""

BY_STATUS: dict[int, type[SendError]] = {
    400: BadRequest,
    401: Unauthorized,
    404: NotFound,
    409: Conflict,
    415: UnsupportedMedia,
    429: QuotaExceeded,
}
"""Any other status is Unavailable."""
