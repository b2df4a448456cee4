"""The curve of viewers that comes with a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pipeline.domain.errors import BadRequest
from pipeline.reports.measures.audience import Curve

from ...models.sponsor import Audience


def curve(given: Audience | None) -> Callable[[datetime | None], Curve | None]:
    """The curve of a session, given the wall clock of its beginning. Raises BadRequest."""
    points = given.points if given else []
    if any((point.at is None) == (point.time is None) for point in points):
        raise BadRequest("each of 'audience.points' must have either 'at' or 'time'")

    def of_session(started: datetime | None) -> Curve | None:
        found = [(round(point.time * 1000), point.viewers) for point in points if point.time is not None]
        if started:
            found += [
                (round((point.at - started).total_seconds() * 1000), point.viewers) for point in points if point.at
            ]
        return Curve.of(found) if found else None

    return of_session
