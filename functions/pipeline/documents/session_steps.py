"""A session's documents as steps, from any media time on."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.model import Kind
from ..reports.observations import observations
from ..reports.tracking import Step, followed
from . import results

_BEFORE = 3  # a step depends on two frames before it and one after; one more for the step that `since` lies in


def steps(stream: str, session: str, kind: Kind, since: int = 0, fps: float | None = None) -> Iterator[Step]:
    """The steps of a session from the one that media time `since` (ms) lies in, or earlier; the same as if read from
    the start. `fps`: its pictures a second, if they are known."""
    begin = results.beginning(stream, session, kind, since, _BEFORE) if since > 0 else 0
    looks, stretches = results.looks(stream, session, kind, begin), results.stretches(stream, session, begin)
    return followed(observations(looks, stretches), round(1000 / fps) if fps else 0)
