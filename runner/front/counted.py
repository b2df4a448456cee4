"""Counts of requests, by kind and status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

from pipeline.cloud import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# By the first part of the path; the rest is the page's.
_KINDS = {"m": "media", "api": "api", "health": "health", "control": "control"}


def counted(application: WSGIApplication) -> WSGIApplication:
    """`application`, which counts each answer once it is sent."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        status = "500"

        def start(said: str, given: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = said.partition(" ")[0]
            return start_response(said, given, *more)

        def count() -> None:
            metrics.count("front_requests", kind=kind, status=status)

        kind = _KINDS.get(environ.get("PATH_INFO", "").lstrip("/").partition("/")[0], "page")
        return ClosingIterator(application(environ, start), [count])

    return answer
