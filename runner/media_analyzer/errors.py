"""Errors of the client.

MediaAnalyzerError          base; the message says what was wrong and what would be right, and never holds the key
├── ClipFailed              a clip could not be made
├── PushFailed              a video could not be sent, or its connection broke off for good
├── Unreachable             no answer came: the network, the address, or a deployment that does not run
└── Refused                 the API answered with a problem (RFC 9457): `status`, `title`, `detail`
    ├── Unauthorized        401, 403: the key is missing or wrong, or may not do this
    ├── NotFound            404
    └── TooManyRequests     429: `retry_after` says in how many seconds to ask again
"""

from __future__ import annotations


class MediaAnalyzerError(Exception):
    """Base of all errors that this package raises."""


class ClipFailed(MediaAnalyzerError):
    """A clip could not be made."""


class PushFailed(MediaAnalyzerError):
    """A video could not be sent to the end."""


class Unreachable(MediaAnalyzerError):
    """No answer came from the deployment."""


class Refused(MediaAnalyzerError):
    """The API answered with a problem."""

    def __init__(self, status: int, title: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status}: {detail or title}")
        self.status, self.title, self.detail, self.retry_after = status, title, detail, retry_after


class Unauthorized(Refused):
    """The key is missing or wrong, or may not do this."""


class NotFound(Refused):
    """There is no such thing, or the caller may not see it."""


class TooManyRequests(Refused):
    """The caller has asked too often."""


def refusal(status: int, title: str, detail: str, retry_after: float | None) -> Refused:
    """The error of an answer with `status`."""
    kinds: dict[int, type[Refused]] = {401: Unauthorized, 403: Unauthorized, 404: NotFound, 429: TooManyRequests}
    return kinds.get(status, Refused)(status, title, detail, retry_after)
