"""Where the error tree meets the outside: what becomes of an event, and what an HTTP caller reads.

An event is acknowledged by returning and refused by any status that is not 2xx. Pub/Sub delivers a refused one again,
with back-off, and after the subscription's last attempt moves it to the dead letters: so 'retry' and 'dead letter' look
alike on the wire and differ in what the log says.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import requests
from google.api_core import exceptions as google
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from ..domain.errors import Disposition, MediaAnalyzerError, QuotaExceeded, Unavailable
from . import events, tracing

if TYPE_CHECKING:
    from cloudevents.http import CloudEvent

log = logging.getLogger(__name__)

_LEVELS = {
    Disposition.ACKNOWLEDGE: logging.INFO,
    Disposition.RETRY: logging.WARNING,
    Disposition.DEAD_LETTER: logging.ERROR,
}


def handle(
    handler: Callable[[events.ObjectEvent], None],
    event: CloudEvent,
    refused: Callable[[CloudEvent, MediaAnalyzerError], None] | None = None,
) -> None:
    """Runs `handler` on a delivered event. Returns where it is to be acknowledged; else raises the HTTP refusal.

    `refused` is told of each refusal, before it is made: should the message end among the dead letters, that is why.
    """
    _attempt(handler.__name__, lambda: handler(events.decode(event)), event, refused)


def handle_message(handler: Callable[[CloudEvent], None], event: CloudEvent) -> None:
    """The same for a message that need not be a storage notification."""
    _attempt(handler.__name__, lambda: handler(event), event, None)


def _attempt(
    name: str,
    run: Callable[[], None],
    event: CloudEvent,
    refused: Callable[[CloudEvent, MediaAnalyzerError], None] | None,
) -> None:
    labels = {"message_id": events.message_id(event), "object": events.object_name(event)}
    with tracing.span(name, events.traceparent(event), message_id=labels["message_id"], object=labels["object"]):
        try:
            run()
            return
        except Exception as error:  # noqa: BLE001 - the edge: every failure becomes an answer here
            known = _logged(error, labels)
            tracing.failed(str(known))
            if known.disposition is not Disposition.ACKNOWLEDGE and refused is not None:
                refused(event, known)
    if known.disposition is not Disposition.ACKNOWLEDGE:
        raise HTTPException(response=problem(known)) from known


def _logged(error: Exception, labels: dict[str, str]) -> MediaAnalyzerError:
    """`error` as one of the tree, once the log says what becomes of the event."""
    known = translate(error)
    labels = {**labels, "disposition": known.disposition.value, "error": type(error).__name__}
    if type(known) is MediaAnalyzerError:
        log.error("retry: %s", known, exc_info=error, extra={"labels": labels})
    else:
        log.log(_LEVELS[known.disposition], "%s: %s", known.disposition.value, known, extra={"labels": labels})
    return known


def translate(error: Exception) -> MediaAnalyzerError:
    """`error` as one of the tree. What is outside it is a defect: a bare MediaAnalyzerError, status 500, retried."""
    if isinstance(error, MediaAnalyzerError):
        return error
    if isinstance(error, google.TooManyRequests):
        return QuotaExceeded(f"a Google API refused for now: {error.message}")
    if isinstance(error, google.ServerError):
        return Unavailable(f"a Google API did not answer: {error.message}")
    if isinstance(error, (ConnectionError, requests.ConnectionError, requests.Timeout, google.RetryError)):
        return Unavailable(f"a service did not answer: {error}")
    return MediaAnalyzerError(f"unexpected {type(error).__name__}: {error}")


def http_problem(error: HTTPException) -> Response:
    """What the router or werkzeug refuses (404, 405, …), as application/problem+json."""
    response = error.get_response()
    body = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
    response.set_data(json.dumps(body))
    response.content_type = "application/problem+json"
    return response


def problem(error: MediaAnalyzerError) -> Response:
    """The error as application/problem+json (RFC 9457). A defect's details stay in the log."""
    detail = "The error was logged." if type(error) is MediaAnalyzerError else str(error)
    body = {"type": "about:blank", "title": error.title, "status": error.status, "detail": detail}
    return Response(json.dumps(body), error.status, content_type="application/problem+json")
