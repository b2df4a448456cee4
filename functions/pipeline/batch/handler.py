"""`batch`: does what `sample`, `transcribe`, `detect` and `track` do, for imports and reanalyses.

It has queues, instances and circuit breakers of its own, and asks paid providers only for what live streams leave of
their quota: however long its queues grow, no live frame waits in them. Idempotent, as those four are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..cloud.events import ObjectEvent
from ..detection import handler as detection
from ..domain import names
from ..domain.errors import MediaAnalyzerError, Poison
from ..sampling import handler as sampling
from ..speech import handler as speech
from ..tracking import handler as tracking

log = logging.getLogger(__name__)


def prepare() -> None:
    """Fails at start if a variable is missing or wrong."""
    for handler in (sampling, detection, speech, tracking):
        handler.prepare()


def batch(event: ObjectEvent) -> None:
    """Does what the object that `event` is about is for. Raises as the four do."""
    name = event.name.removeprefix(names.BATCH)
    if name.startswith(names.SEGMENTS):
        _each(event, sampling.sample, speech.transcribe)
    elif name.startswith(names.FRAMES):
        detection.detect(event)
    elif name.startswith(names.RESULTS):
        tracking.track(event)
    else:
        raise Poison(f"{event.name} is no segment, frame or result")


def _each(event: ObjectEvent, *handlers: Callable[[ObjectEvent], None]) -> None:
    """A segment is transcribed though it cannot be sampled. Raises the first failure."""
    errors: list[MediaAnalyzerError] = []
    for handler in handlers:
        try:
            handler(event)
        except MediaAnalyzerError as error:
            errors.append(error)
    for later in errors[1:]:
        log.warning("%s: %s", event.name, later)
    if errors:
        raise errors[0]
