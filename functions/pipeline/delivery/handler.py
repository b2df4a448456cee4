"""`deliver`: brings alerts to channels.

A message of `alerts` becomes one of `deliveries` for each channel, so that one that refuses holds up no other.
Pub/Sub brings a delivery that failed again, with back-off, and gives it up after the subscription's last attempt: then
it is a dead letter like any other. Idempotent: what was delivered is not sent again, unless an operator asks for it.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from typing import TYPE_CHECKING, Any

from ..cloud import events, metrics
from ..cloud.clients import preload
from ..detection.service.sealed import unseal
from ..documents.acting import alerts, channels, deliveries
from ..domain import names
from ..domain.acting import Delivery, DeliveryState
from ..domain.errors import BadRequest, MediaAnalyzerError, NotFound, Poison, Stale, Unavailable
from ..domain.settings import Common, load
from ..rules.settings import acting
from .channels import REQUESTS
from .post import post
from .settings import delivering

if TYPE_CHECKING:
    from cloudevents.http import CloudEvent

log = logging.getLogger(__name__)
_GONE = 410


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    acting()
    delivering()
    preload("firestore")


def deliver(event: CloudEvent) -> None:
    """Handles a message of `alerts` or of `deliveries`. Raises Poison, Stale, Unavailable."""
    message = _message(event)
    if "channel" in message:
        alert, channel = named(message)
        send(alert, channel)
    else:
        spread(str(message.get("id")))


def spread(alert: str) -> None:
    """Publishes a message for each delivery of an alert that has not begun yet. Raises Unavailable."""
    try:
        names.check_acting("alert", alert)
    except BadRequest as error:
        raise Poison(str(error)) from None
    for one in deliveries.of_alert(alert):
        if one.state is DeliveryState.PENDING:
            announce(one)


def announce(delivery: Delivery) -> None:
    """Publishes a delivery. Raises Unavailable."""
    data = {"alert": delivery.alert, "channel": delivery.channel, "replay": delivery.replays}
    events.send(delivering().topic, json.dumps(data).encode(), {"alert": delivery.alert, "channel": delivery.channel})


def named(message: dict[str, Any]) -> tuple[str, str]:
    """The alert and the channel of a message of `deliveries`. Raises Poison."""
    try:
        return names.check_acting("alert", str(message["alert"])), names.check_acting(
            "channel", str(message["channel"])
        )
    except (BadRequest, KeyError) as error:
        raise Poison(f"the message is no delivery: {error}") from None


def send(alert: str, channel: str) -> None:
    """Delivers an alert to a channel, and notes how that went. Raises Unavailable if it is to be tried again."""
    try:
        delivery, what, where = deliveries.get(alert, channel), alerts.get(alert), channels.get(channel)
    except NotFound as error:
        raise Stale(str(error)) from None
    if delivery.state is DeliveryState.DELIVERED:
        return
    secret = delivering().secret
    status: int | None = None
    try:
        address = unseal(where.address, channel, secret)
        key = unseal(where.secret, channel, secret) if where.secret else ""
        request = REQUESTS[where.kind](what, key)
        status = post(address, request.body, request.headers, private=delivering().private)
        if status == _GONE:
            deliveries.note(alert, channel, DeliveryState.FAILED, status=status, error="the receiver wants no more")
            return
        if not 200 <= status < 300:
            raise Unavailable(f"{where.shown} answered {status}, expected 200 to 299: redirects are not followed")
    except MediaAnalyzerError as error:
        deliveries.note(alert, channel, DeliveryState.RETRYING, status=status, error=str(error))
        metrics.count("deliveries", kind=where.kind.value, outcome=type(error).__name__)
        raise
    deliveries.note(alert, channel, DeliveryState.DELIVERED, status=status)
    metrics.count("deliveries", kind=where.kind.value, outcome="ok")
    log.info("%s: delivered to %s", alert, where.shown)


def _message(event: CloudEvent) -> dict[str, Any]:
    try:
        found: Any = json.loads(base64.b64decode(events.message_of(event)["data"], validate=True))
    except (KeyError, binascii.Error, ValueError) as error:
        raise Poison(f"the message is neither an alert nor a delivery: {error}") from None
    if not isinstance(found, dict):
        raise Poison("the message is neither an alert nor a delivery: it is no JSON object")
    return found
