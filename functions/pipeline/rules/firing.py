"""Fires: creates an alert once, and publishes it at least once.

The id of an alert is derived from what it is about, so events that come twice, or in another order, find it. It is
published again if this process has not published it itself: the one that created it may have died in between. Receivers
tell it by its id.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock

from ..cloud import events, metrics
from ..documents.acting import alerts
from ..domain import names
from ..domain.acting import Alert, Rule
from ..domain.model import FrameRef
from .evaluate import moment
from .message import CONTENT_TYPE, TYPE, body
from .model import Firing
from .reading import Session
from .settings import acting

log = logging.getLogger(__name__)
_MOST = 10_000


class _Settled:
    """Alerts that this process has nothing more to do about."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def has(self, alert: str) -> bool:
        with self._lock:
            return alert in self._known

    def add(self, alert: str) -> None:
        with self._lock:
            self._known[alert] = None
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


_settled = _Settled()


def fire(rule: Rule, of: Session, one: Firing) -> bool:
    """Makes an alert of a firing, unless there is one, or the rule fired within its cool-down. Raises Unavailable."""
    id = rule.alert(of.stream, of.id, one.episode)
    if _settled.has(id):
        return False
    at = moment(of.started, one.at)
    known = alerts.exists(id)
    if not known and alerts.beside(rule.id, of.stream, at, rule.cooldown):
        _settled.add(id)
        return False
    alert = Alert(
        id=id,
        rule=rule.id,
        rule_name=rule.name,
        revision=rule.revision,
        kind=str(rule.what["kind"]),
        tenant=rule.tenant,
        stream=of.stream,
        session=of.id,
        at=at,
        media_time=one.at / 1000,
        text=one.text,
        facts=one.facts,
        snapshot=None if one.look is None else names.frame_object(FrameRef(of.stream, of.id, one.look)),
        created=datetime.now(UTC),
    )
    created = not known and alerts.create(alert, rule.channels)
    publish(alert if created else alerts.get(id))
    _settled.add(id)
    if created:
        metrics.count("alerts", kind=alert.kind)
        log.info("%s: %s", alert.stream, alert.text, extra={"labels": {"alert": id, "rule": rule.id}})
    return created


def publish(alert: Alert) -> None:
    """Publishes an alert. Raises Unavailable."""
    attributes = {
        "content-type": CONTENT_TYPE,
        "type": TYPE,
        "alert": alert.id,
        "rule": alert.rule,
        "stream": alert.stream,
        "tenant": alert.tenant,
    }
    events.send(acting().topic, body(alert, acting().page_url), attributes)
