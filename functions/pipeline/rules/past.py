"""Tests a rule against the past: what it would have fired for, by the same code as live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from operator import itemgetter

from ..documents import sessions, streams
from ..domain.acting import Rule
from ..domain.errors import Stale
from . import evaluate, kinds, reading
from .model import Firing

MOST_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class Fired:
    """A firing in a session, `at` a program date time."""

    stream: str
    session: str
    at: datetime
    firing: Firing


@dataclass(frozen=True, slots=True)
class Past:
    """What a rule would have fired for, in order of time. `seconds` of media were looked at, in so many `sessions`;
    `more`: there are others that were not."""

    fired: list[Fired]
    seconds: float
    sessions: int
    more: bool


def test(rule: Rule, since: datetime, stream: str | None) -> Past:
    """What `rule` would have fired for since an instant on the streams that it holds for, or on one of them."""
    what = kinds.read(rule.what)
    named = stream or rule.stream
    about = [named] if named else [one.id for one in streams.of_tenant(rule.tenant, MOST_SESSIONS)]
    found = list(chain.from_iterable(_sessions(one, since) for one in about))
    seconds, fired = 0.0, list[Fired]()
    by_stream: dict[str, list[tuple[datetime, tuple[str, Firing]]]] = {}
    for of in found[:MOST_SESSIONS]:
        first = max(0, (since - of.started) // timedelta(milliseconds=1))
        known = reading.timeline(of, what.sees, first, hears=what.hears, begins=first)
        seconds += sum(part.end - part.start for part in known.parts) / 1000
        listed = by_stream.setdefault(of.stream, [])
        listed += [
            (evaluate.moment(of.started, one.at), (of.id, one)) for one in evaluate.firings(rule, known, of.started)
        ]
    for one, listed in by_stream.items():
        spaced = evaluate.spaced(sorted(listed, key=itemgetter(0)), rule.cooldown)
        fired += [Fired(one, session, at, firing) for at, (session, firing) in spaced]
    fired.sort(key=lambda one: one.at)
    return Past(fired, seconds, min(len(found), MOST_SESSIONS), len(found) > MOST_SESSIONS)


def _sessions(stream: str, since: datetime) -> Iterator[reading.Session]:
    """The stream's sessions that have something since an instant, the newest first."""
    for id, fields in sessions.newest(stream, MOST_SESSIONS + 1):
        seconds = float(fields.get("media_seconds") or 0)
        started: datetime | None = fields.get("started")
        if started is None or started + timedelta(seconds=seconds) < since:
            continue
        try:
            yield reading.session(stream, id)
        except Stale:
            continue
