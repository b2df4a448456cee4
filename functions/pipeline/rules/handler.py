"""`rules`: evaluates the rules of a stream when a frame has results, and when a segment is stored.

Idempotent: it reads what is stored, finds the same each time, and creates alerts that are not there yet. An event says
no more than where to look.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ..cloud import metrics
from ..cloud.clients import preload
from ..cloud.events import FINALIZE, ObjectEvent
from ..cloud.ttl_cache import Cached
from ..documents.acting import rules as store
from ..documents.people import access
from ..domain import names
from ..domain.acting import Rule
from ..domain.errors import BadRequest, NotFound, Poison, Stale
from ..domain.model import Kind
from ..domain.settings import Common, load
from . import evaluate, kinds, reading
from .firing import fire
from .model import What
from .settings import acting

log = logging.getLogger(__name__)
SLACK = 60_000
"""Milliseconds before the event's own time within which a firing is still looked for: results come in any order."""
_FRESH = 3.0  # seconds for which the rules of a tenant are not read again
_of_tenant = Cached(store.of_tenant, _FRESH)
_access = Cached(access.of_stream, _FRESH)


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    acting()
    preload("firestore")


def rules(event: ObjectEvent) -> None:
    """Evaluates the rules of the stream that `event` is about. Raises Poison, Stale, Unavailable."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    stream, session, at = _about(event)
    if found := of_stream(stream):
        fired = look(found, reading.session(stream, session), at)
        metrics.measure("rules_age", (datetime.now(UTC) - event.finalized_at).total_seconds())
        log.info("%s: %d rules, %d alerts", event.name, len(found), fired)


def of_stream(stream: str) -> list[Rule]:
    """The rules that hold for a stream. Raises Stale if the stream is gone."""
    try:
        tenant = _access.get(stream).tenant
    except NotFound as error:
        raise Stale(str(error)) from None
    return [one for one in _of_tenant.get(tenant) if one.enabled and one.stream in (None, stream)]


def look(found: Iterable[Rule], of: reading.Session, at: int) -> int:
    """Fires what the rules find around media time `at` (ms). Returns how many alerts that made."""
    together: dict[tuple[Kind | None, bool, int], list[tuple[Rule, What]]] = defaultdict(list)
    for rule in found:
        what = kinds.read(rule.what)
        together[what.sees, what.hears, begins(rule, of)].append((rule, what))
    fired = 0
    for (sees, hears, first), some in together.items():
        since = at - SLACK - max(what.lookback for _, what in some)
        known = reading.timeline(of, sees, since, hears=hears, begins=first)
        for rule, _ in some:
            fired += sum(fire(rule, of, one) for one in evaluate.firings(rule, known, of.started))
    return fired


def begins(rule: Rule, of: reading.Session) -> int:
    """The media time (ms) from which on a rule looks at a session."""
    return 0 if rule.since is None else max(0, (rule.since - of.started) // timedelta(milliseconds=1))


def _about(event: ObjectEvent) -> tuple[str, str, int]:
    try:
        if event.name.startswith(names.RESULTS):
            frame = names.parse_results(event.name)
            return frame.stream, frame.session, frame.media_ms
        segment = names.parse_segment(event.name)
        return segment.stream, segment.session, round(float(event.metadata["media-time"]) * 1000)
    except (BadRequest, KeyError, ValueError) as error:
        raise Poison(f"{event.name} is no segment and no results: {error}") from None
