"""Logs live streams that have stopped storing segments, for an alert to count."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ..documents import streams
from ..domain.model import StreamState

log = logging.getLogger(__name__)
SILENCE = timedelta(seconds=60)  # five times the longest segment


def sweep(now: datetime) -> int:
    """Returns the number of live streams without a new segment for a minute. Changes nothing: idempotent."""
    silent = 0
    for stream in streams.active():
        last = stream.last_segment_at
        if stream.state is StreamState.LIVE and last is not None and now - last > SILENCE:
            silent += 1
            seconds = (now - last).total_seconds()
            log.warning("no segment for %.0f s", seconds, extra={"labels": {"stream": stream.id}})
    return silent
