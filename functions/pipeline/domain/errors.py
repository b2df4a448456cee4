"""Every error this project raises, in one tree.

    MediaAnalyzerError
    ├── BadRequest            400  invalid input; the message says what would be right
    │   └── UnsupportedMedia  415  not a video, no keyframe, or an unsupported codec
    ├── Unauthorized          401  a key is missing or wrong
    ├── Forbidden             403  a grant that does not open the requested object
    ├── NotFound              404  no such stream, session or object
    ├── Conflict              409  it exists already, or another sender holds it
    │   └── LeaseLost         409  a publisher whose stream another sender publishes now
    │       └── Stopped       409  an operator stopped the publisher
    │           └── OverQuota 429  a publisher whose stream has used up a quota
    ├── Poison                422  an event that can never succeed, however often it is delivered
    ├── Stale                 410  an event about something that has since been deleted
    ├── QuotaExceeded         429  a provider refused for now
    │   └── Busy              429  a service of this project has no room for more work now
    ├── LimitReached          429  a limit that this deployment sets, such as a quota, is used up
    │   ├── UsedUp            429  a quota of a stream or of its tenant is used up: nothing begins
    │   └── OverBudget        429  a stream or its tenant may ask no paid provider any more today
    └── Unavailable           503  a service that is needed did not answer

The tree is mapped once at each edge: to an HTTP status and headers (`status`, `headers`; see cloud/http.py) and, for
events, to the fate of the message (`disposition`; see cloud/edge.py). An exception outside the tree is a defect:
500, and the message is retried. A document keeps an error as a `Failure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from .characters import readable


class Disposition(Enum):
    """The fate of an event whose handler raised."""

    ACKNOWLEDGE = "acknowledge"  # nothing left to do
    RETRY = "retry"  # Pub/Sub delivers it again, with back-off
    DEAD_LETTER = "dead-letter"  # never succeeds: refused at each delivery until Pub/Sub moves it aside


class Code(StrEnum):
    """Kinds of failure in documents. The page chooses its words by it; docs/contracts.md explains each."""

    INTERNAL = "internal"
    BAD_REQUEST = "bad-request"
    UNSUPPORTED_MEDIA = "unsupported-media"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    LEASE_LOST = "lease-lost"
    STOPPED = "stopped"
    POISON = "poison"
    STALE = "stale"
    QUOTA_EXCEEDED = "quota-exceeded"
    BUSY = "busy"
    LIMIT_REACHED = "limit-reached"
    OVER_QUOTA = "over-quota"  # a session that ended because a quota was used up
    USED_UP = "used-up"  # what did not begin, because a quota is used up
    OVER_BUDGET = "over-budget"  # no paid provider was called: the day's frames or money are used up
    UNAVAILABLE = "unavailable"
    RESTING = "resting"  # no provider was called: all failed too often
    NO_PROVIDER = "no-provider"  # no provider of the settings can be called for this kind
    TOO_LARGE = "too-large"  # an uploaded file
    BROKE_OFF = "broke-off"  # an import, after its last attempt


class MediaAnalyzerError(Exception):
    """Base of the tree. `str(error)` is a sentence for the person who can mend it; it never holds a secret.

    It goes to the log, and to those who hold a key. `public` stands in documents, which viewers read: it is the same
    sentence, unless that names a person's address or quotes another service.
    """

    code: ClassVar[Code] = Code.INTERNAL
    status: int = 500
    title: str = "Internal error"
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})
    disposition: Disposition = Disposition.RETRY

    def __init__(self, message: str = "", *, public: str | None = None) -> None:
        super().__init__(message)
        self.public = message if public is None else public


class BadRequest(MediaAnalyzerError):
    """Invalid input."""

    code = Code.BAD_REQUEST
    status = 400
    title = "Bad request"
    disposition = Disposition.DEAD_LETTER


class UnsupportedMedia(BadRequest):
    """Not a video, no keyframe, or an unsupported codec."""

    code = Code.UNSUPPORTED_MEDIA
    status = 415
    title = "Unsupported media"


class Unauthorized(MediaAnalyzerError):
    """A key is missing or wrong."""

    code = Code.UNAUTHORIZED
    status = 401
    title = "Unauthorized"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})
    disposition = Disposition.DEAD_LETTER


class Forbidden(MediaAnalyzerError):
    """A grant that does not open the requested object: forged, expired, taken back, or of another stream."""

    code = Code.FORBIDDEN
    status = 403
    title = "Forbidden"
    disposition = Disposition.DEAD_LETTER


class NotFound(MediaAnalyzerError):
    """No such stream, session or object."""

    code = Code.NOT_FOUND
    status = 404
    title = "Not found"
    disposition = Disposition.DEAD_LETTER


class Conflict(MediaAnalyzerError):
    """It exists already, or another sender holds it."""

    code = Code.CONFLICT
    status = 409
    title = "Conflict"
    disposition = Disposition.RETRY


class LeaseLost(Conflict):
    """A publisher whose stream another sender publishes now, or whose lease could not be renewed in time."""

    code = Code.LEASE_LOST


class Stopped(LeaseLost):
    """An operator stopped the publisher."""

    code = Code.STOPPED
    title = "Stopped"


class OverQuota(Stopped):
    """A publisher whose stream, or the stream's tenant, has used up a quota."""

    code = Code.OVER_QUOTA
    status = 429
    title = "Quota used up"


class Poison(MediaAnalyzerError):
    """An event that can never succeed, however often it is delivered."""

    code = Code.POISON
    status = 422
    title = "Unprocessable event"
    disposition = Disposition.DEAD_LETTER


class Stale(MediaAnalyzerError):
    """An event about something that has since been deleted: there is nothing left to do."""

    code = Code.STALE
    status = 410
    title = "Gone"
    disposition = Disposition.ACKNOWLEDGE


class QuotaExceeded(MediaAnalyzerError):
    """A provider refused for now."""

    code = Code.QUOTA_EXCEEDED
    status = 429
    title = "Quota exceeded"
    headers = MappingProxyType({"Retry-After": "1"})


class Busy(QuotaExceeded):
    """A service of this project has no room for more work now."""

    code = Code.BUSY
    title = "Busy"


class LimitReached(MediaAnalyzerError):
    """A limit that this deployment sets is used up: a quota of a tenant, or the wrong keys that an address may send."""

    code = Code.LIMIT_REACHED
    status = 429
    title = "Limit reached"
    headers = MappingProxyType({"Retry-After": "60"})
    disposition = Disposition.DEAD_LETTER


class UsedUp(LimitReached):
    """A quota of a stream, or of its tenant, is used up: nothing more begins that it counts."""

    code = Code.USED_UP
    title = "Quota used up"


class OverBudget(LimitReached):
    """A stream, or its tenant, may ask no paid provider any more today."""

    code = Code.OVER_BUDGET
    disposition = Disposition.ACKNOWLEDGE  # it stands where the result would: another day may ask again


class Unavailable(MediaAnalyzerError):
    """A service that is needed did not answer."""

    code = Code.UNAVAILABLE
    status = 503
    title = "Unavailable"
    headers = MappingProxyType({"Retry-After": "5"})


def named(name: str) -> type[MediaAnalyzerError] | None:
    """The class of this name; None if no class has it."""
    waiting: list[type[MediaAnalyzerError]] = [MediaAnalyzerError]
    while waiting:
        found = waiting.pop()
        if found.__name__ == name:
            return found
        waiting += found.__subclasses__()
    return None


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as documents hold it. `code` is one of `Code`, or empty in a document of an earlier release."""

    code: str
    message: str

    @classmethod
    def of(cls, error: MediaAnalyzerError) -> Failure:
        """`error`, to be left in a document: its public sentence."""
        return cls(error.code, error.public)

    @classmethod
    def read(cls, value: Any) -> Failure | None:
        """The error in a document's field: a map, the message alone (earlier releases), or None."""
        if not value:
            return None
        return cls("", str(value)) if isinstance(value, str) else cls(value["code"], value["message"])

    def fields(self) -> dict[str, str]:
        """As a document holds it. The message may quote a sender: what no document takes is replaced."""
        return {"code": str(self.code), "message": readable(self.message)}
