"""The edge of events: what becomes of one whose handler raised.

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
        raise HTTPException(response=http.problem(known)) from known


def _logged(error: Exception, labels: dict[str, str]) -> MediaAnalyzerError:
    """`error` as one of the tree, once the log says what becomes of the event."""
    known = translate(error)
    labels = {**labels, "disposition": known.disposition.value, "error": type(error).__name__}
    if type(known) is MediaAnalyzerError:
        log.error("retry: %s", known, exc_info=error, extra={"labels": labels})
    else:
        log.log(_LEVELS[known.disposition], "%s: %s", known.disposition.value, known, extra={"labels": labels})
    return known
