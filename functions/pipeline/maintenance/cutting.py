"""Starts the cutting of clips whose start was missed, and ends clips whose job has given up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..clips import job
from ..cloud import metrics
from ..documents import clips
from ..domain.clips import Clip, ClipState
from ..domain.errors import Code, Failure, NotFound
from ..jobs import executions

log = logging.getLogger(__name__)
_SILENCE = timedelta(minutes=2)  # one that is being cut notes its progress every few seconds


def sweep(now: datetime) -> int:
    """Settles every clip that has been silent for a while. Returns how many it started or ended. Idempotent."""
    done = 0
    for found in clips.unfinished(now - _SILENCE):
        try:
            done += _settle(found)
        except NotFound as error:
            log.info("left alone: %s", error)
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("clip %s of %s: not settled yet: %s", found.id, found.asked.stream, error)
    return done


def _settle(found: Clip) -> bool:
    """True if the clip was started or ended. Raises NotFound if it was deleted meanwhile."""
    stream = found.asked.stream
    if found.execution is None:
        clips.change(stream, found.id, execution=job.start(stream, found.id, new=False))
        return True
    outcome = executions.outcome(found.execution)
    if outcome is None:
        return False
    failure = Failure(Code.BROKE_OFF, f"the clip was not finished: {outcome}")
    clips.change(stream, found.id, state=ClipState.ERROR.value, error=failure.fields())
    metrics.count("clips_ended", state=ClipState.ERROR.value)
    log.error("clip %s of %s: %s", found.id, stream, failure.message)
    return True
