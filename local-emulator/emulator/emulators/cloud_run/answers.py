"""The answers of Cloud Run's front end itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` is what the request log says beside the status."""

    status: int
    phrase: str
    text: str
    reason: str

    def encoded(self, *, with_body: bool = True) -> bytes:
        """The whole answer; the connection ends with it."""
        body = f"{self.text}\n".encode()
        head = (
            f"HTTP/1.1 {self.status} {self.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + (body if with_body else b"")


MALFORMED = Answer(400, "Bad Request", "Bad Request", "The request was malformed.")
TOO_LARGE = Answer(
    413,
    "Request Entity Too Large",
    "Error: Request Entity Too Large. Your client issued a request that was too large.",
    "The request was larger than 32 MiB, the most that Cloud Run takes over HTTP/1.",
)
NO_INSTANCE = Answer(
    429, "Too Many Requests", "Rate exceeded.", "The request was aborted because there was no available instance."
)
ANSWER_TOO_LARGE = Answer(
    500,
    "Internal Server Error",
    "Error: Server Error",
    "Response size was too large: 32 MiB at most over HTTP/1, unless it is streamed in chunks.",
)
BROKEN_OFF = Answer(
    503,
    "Service Unavailable",
    "Service Unavailable",
    "The request failed because either the HTTP response was malformed or connection to the instance had an error.",
)
TOO_LATE = Answer(
    504,
    "Gateway Timeout",
    "upstream request timeout",
    "The request has been terminated because it has reached the maximum request timeout.",
)
