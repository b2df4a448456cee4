"""Starts imports whose start was missed, and ends those whose job has given up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import imports
from ..domain.errors import Code, Failure, NotFound
from ..domain.model import ImportState
from ..imports import job
from ..jobs import executions

log = logging.getLogger(__name__)
_SILENCE = timedelta(
    minutes=2
)  # a running import notes its progress each second; one that waits for its stream does not


def sweep(now: datetime) -> int:
    """Settles every import that has been silent for a while. Returns how many it started or ended. Idempotent."""
    done = 0
    for found in imports.unfinished(now - _SILENCE):
        try:
            done += _settle(found)
        except NotFound as error:
            log.info("left alone: %s", error)
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("%s: not settled yet: %s", found.object, error)
    return done


def _settle(found: imports.Import) -> bool:
    """True if the import was started or ended. Raises NotFound if the stream was deleted meanwhile."""
    if found.execution is None:
        if not imports.admit(found):
            return False
        imports.change(found.stream, found.session, execution=job.start(found.object, found.generation, new=False))
        metrics.count("imports_restarted")
        return True
    outcome = executions.outcome(found.execution)
    if outcome is None:
        return False
    reason = f"the import broke off: {outcome}"
    failure = Failure(Code.BROKE_OFF, reason)
    imports.change(found.stream, found.session, state=ImportState.ERROR.value, error=failure.fields())
    metrics.count("imports_ended", state=ImportState.ERROR.value)
    log.error("%s: %s", found.object, reason)
    return True
