"""Waits for the segment before: deliveries come in any order."""

from __future__ import annotations

import time

from ..documents import frames
from ..domain.errors import Stale
from ..domain.model import Segment
from .settings import sampling

_ASK = 0.1  # s between two questions whether the segment before is done


def before(segment: Segment) -> frames.SegmentContext:
    """Returns the state before `segment`. Waits a little for the segment just before: segments of a file come many at
    once, and each goes on from the last. After that, the nearest earlier one has to do. Raises Stale."""
    deadline = time.monotonic() + sampling().patience
    while True:
        context = frames.segment_context(segment.ref)
        if not context.stream_exists:
            raise Stale(f"stream {segment.ref.stream!r} has been deleted")
        if context.done or context.in_order or time.monotonic() >= deadline:
            return context
        time.sleep(_ASK)
