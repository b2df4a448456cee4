"""Alerts: list, keep, deliver again; and the schema of their messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from msgspec import UNSET
from werkzeug import Response

from pipeline.delivery.handler import announce
from pipeline.documents.acting import alerts, deliveries
from pipeline.domain import names
from pipeline.domain.acting import Alert
from pipeline.domain.errors import NotFound
from pipeline.domain.people import Role
from pipeline.domain.settings import own_tenant
from pipeline.rules.message import json_schema

from ....people.caller import of
from ...models import acting_answers
from ...models.acting import AlertChange, PageOfAlerts
from ...requests import answer, json_fields, json_response, query

if TYPE_CHECKING:
    from werkzeug import Request


def list_page(request: Request) -> Response:
    """List what rules of the caller's tenant fired for, the newest first, with the state of each delivery."""
    page = query(request, PageOfAlerts)
    found = alerts.newest(
        of(request).tenant or own_tenant(),
        page.limit + 1,
        stream=page.stream or None,
        rule=page.rule or None,
        before=None if page.before is UNSET else page.before,
    )
    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(_shown, found[: page.limit]))
    next = found[page.limit - 1].at.isoformat() if len(found) > page.limit else None
    return answer(acting_answers.AlertPage(alerts=shown, next=next))


def change(request: Request, alert: str) -> Response:
    """Keep an alert beyond its media, or let it go with them."""
    given, found = json_fields(request, AlertChange), _of_tenant(request, alert)
    alerts.keep(found.id, given.kept)
    return answer(acting_answers.AlertAnswer(alert=_shown(alerts.get(alert))))


def replay(request: Request, alert: str, channel: str) -> Response:
    """Deliver an alert to a channel again."""
    found = _of_tenant(request, alert)
    deliveries.get(alert, names.check_acting("channel", channel))
    deliveries.again(alert, channel)
    announce(deliveries.get(alert, channel))
    return answer(acting_answers.AlertAnswer(alert=_shown(found)), 202)


def schema(request: Request) -> Response:
    """Get the JSON schema of the messages that alerts are delivered in."""
    return json_response(json_schema())


def _of_tenant(request: Request, alert: str) -> Alert:
    """The alert. Raises NotFound, also for one of another tenant than the caller's."""
    found, caller = alerts.get(names.check_acting("alert", alert)), of(request)
    if not caller.reaches(Role.VIEWER, found.tenant):
        raise NotFound(f"alert {alert!r} does not exist")
    return found


def _shown(alert: Alert) -> acting_answers.Alert:
    return acting_answers.Alert(
        id=alert.id,
        rule=alert.rule,
        rule_name=alert.rule_name,
        kind=alert.kind,
        stream=alert.stream,
        session=alert.session,
        at=alert.at.isoformat(),
        media_time=alert.media_time,
        text=alert.text,
        facts=alert.facts,
        snapshot=alert.snapshot,
        created=alert.created.isoformat(),
        kept=alert.kept,
        deliveries=[
            acting_answers.Delivery(
                channel=one.channel,
                state=one.state,
                attempts=one.attempts,
                status=one.status,
                error=one.error,
                updated=one.updated.isoformat() if one.updated else None,
            )
            for one in deliveries.of_alert(alert.id)
        ],
    )
