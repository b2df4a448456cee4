"""Ends streams that are fed by `/events/segments` and whose store has fallen silent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import external_streams
from ..domain.errors import Conflict
from ..sessions import stored

log = logging.getLogger(__name__)
SILENCE = timedelta(minutes=5)
"""After which a stream has ended. Segments that its store announces later need another session."""


def sweep(now: datetime) -> int:
    """Ends each silent stream. Returns their number. Idempotent."""
    ended = 0
    for found in external_streams.silent(now - SILENCE):
        labels = {"labels": {"stream": found.stream, "session": found.session}}
        try:
            external_streams.end(found, stored.close(found.stream, found.session))
        except Conflict as error:
            log.info("left alone: %s", error, extra=labels)
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("not ended yet: %s", error, extra=labels)
        else:
            log.info("its store announced nothing for %s: ended", SILENCE, extra=labels)
            metrics.count("sessions_ended")
            ended += 1
    return ended
