"""The edge of events: maps the errors of their handlers to acknowledgement, retry or dead letter.

An event is acknowledged by returning and refused by any status that is not 2xx. Pub/Sub delivers a refused one again,
with back-off, and after the subscription's last attempt moves it to the dead letters: so 'retry' and 'dead letter' look
alike on the wire and differ in what the log says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

from ..domain.errors import Disposition, MediaAnalyzerError
from . import events, http, tracing
from .google_errors import translate

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
    """Runs `handler` on a delivered event. Returns if the event is to be acknowledged; else raises the HTTP refusal.

    `refused` is called before each refusal: it notes the reason, in case the message becomes a dead letter.
    """
    _attempt(handler.__name__, lambda: handler(events.decode(event)), event, refused)


def handle_message(
    handler: Callable[[CloudEvent], None],
    event: CloudEvent,
    refused: Callable[[CloudEvent, MediaAnalyzerError], None] | None = None,
) -> None:
    """`handle` for a message that need not be a storage notification."""
    _attempt(handler.__name__, lambda: handler(event), event, refused)


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
        raise HTTPException(response=http.problem(known)) from known


def _logged(error: Exception, labels: dict[str, str]) -> MediaAnalyzerError:
    """Logs `error` with the fate of the event, and returns it as an error of the tree."""
    known = translate(error)
    labels = {**labels, "disposition": known.disposition.value, "error": type(error).__name__}
    if type(known) is MediaAnalyzerError:
        log.error("retry: %s", known, exc_info=error, extra={"labels": labels})
    else:
        log.log(_LEVELS[known.disposition], "%s: %s", known.disposition.value, known, extra={"labels": labels})
    return known
