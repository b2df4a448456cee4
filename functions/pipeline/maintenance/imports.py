"""Imports that nobody works on: started where that was missed, ended where the job has given up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import imports
from ..domain.errors import Code, Failure, NotFound
from ..domain.model import ImportState
from ..imports import job

log = logging.getLogger(__name__)
_SILENCE = timedelta(minutes=2)  # an import that works says so every second; one that waits for its stream does not


def sweep(now: datetime) -> int:
    """Looks after every import that has said nothing for a while; how many it started or ended. Idempotent."""
    done = 0
    for found in imports.unfinished(now - _SILENCE):
        try:
            done += _settle(found)
        except NotFound as gone:
            log.info("left alone: %s", gone)
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("%s: not settled yet: %s", found.object, error)
    return done


def _settle(found: imports.Import) -> bool:
    """Whether there was anything to do. Raises NotFound where the stream was deleted meanwhile."""
    if found.execution is None:
        imports.change(found.stream, found.session, execution=job.start(found.object, found.generation, new=False))
        metrics.count("imports_restarted")
        return True
    outcome = job.outcome(found.execution)
    if outcome is None:
        return False
    reason = f"the import broke off: {outcome}"
    failure = Failure(Code.BROKE_OFF, reason)
    imports.change(found.stream, found.session, state=ImportState.ERROR.value, error=failure.fields())
    metrics.count("imports_ended", state=ImportState.ERROR.value)
    log.error("%s: %s", found.object, reason)
    return True
