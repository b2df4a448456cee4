"""The order of segments, which deliveries do not keep."""

from __future__ import annotations

import time

from ..documents import frames
from ..domain.errors import Stale
from ..domain.model import Segment
from .settings import sampling

_ASK = 0.1  # s between two questions whether the segment before is done


def before(segment: Segment) -> frames.SegmentContext:
    """What is known before. The segment before is waited for a little: segments of a file come many at once, and each
    is to go on from the last. Without it, what the nearest earlier one left has to do. Raises Stale."""
    deadline = time.monotonic() + sampling().patience
    while True:
        context = frames.segment_context(segment.ref)
        if not context.stream_exists:
            raise Stale(f"stream {segment.ref.stream!r} has been deleted")
        if context.done or context.in_order or time.monotonic() >= deadline:
            return context
        time.sleep(_ASK)
