"""Lets rules look again at streams that were on air just now: at what only time tells, and at what events missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..documents import results, streams
from ..documents.acting import rules as store
from ..domain.errors import Stale
from ..rules import handler, reading
from ..rules.settings import acting

_JUST_NOW = timedelta(minutes=15)


def sweep(now: datetime) -> int:
    """Evaluates the rules of each stream of the last minutes. Returns how many alerts that made. Idempotent."""
    if not acting().topic:
        return 0
    fired = 0
    for tenant in sorted({rule.tenant for rule in store.enabled()}):
        for stream in streams.since(tenant, now - _JUST_NOW):
            if not stream.session or not (found := handler.of_stream(stream.id)):
                continue
            try:
                session = reading.session(stream.id, stream.session)
            except Stale:
                continue
            fired += handler.look(found, session, results.newest_segment(stream.id, stream.session))
    return fired
