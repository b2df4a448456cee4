"""Dead letters: messages that Pub/Sub has given up, kept with the reason until an operator resends or discards them.

The function that refuses an event knows the reason; `bury` gets the message once Pub/Sub has given up. Each merges its
part into one document, whose id derives from the content of the message: on its way to the dead letters a message keeps
its content, but not its own id. A message that comes twice is one letter.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..cloud import events, metrics
from ..documents import dead_letters
from ..documents.acting import deliveries
from ..domain.errors import Stale
from ..domain.settings import Common, load

if TYPE_CHECKING:
    from cloudevents.http import CloudEvent

    from ..domain.errors import MediaAnalyzerError

log = logging.getLogger(__name__)

DEAD = "-dead"
"""Suffix of the topic that takes the dead letters of another."""
_ADDED = ("CloudPubSubDeadLetter", "googclient_")  # attributes that are Pub/Sub's, not the message's


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)


def refused(event: CloudEvent, error: MediaAnalyzerError) -> None:
    """Notes the reason of a refused event. Never raises: the refusal matters more than its note."""
    topic = events.topic(event)
    try:
        dead_letters.note_refusal(_id(topic, event), events.object_name(event), type(error).__name__, str(error))
    except Exception as problem:  # noqa: BLE001 - the database itself may be down
        log.warning("the reason could not be noted: %s", problem)


def bury(event: CloudEvent) -> None:
    """Keeps a message that Pub/Sub has given up. `event` comes from the topic of the dead letters."""
    topic = events.topic(event).removesuffix(DEAD)
    message = events.message_of(event)
    attributes: Mapping[str, str] = message.get("attributes") or {}
    tried = attributes.get("CloudPubSubDeadLetterSourceDeliveryCount", "")
    letter = _id(topic, event)
    dead_letters.bury(
        letter,
        topic=topic,
        object=events.object_name(event),
        attributes=_own(attributes),
        data=str(message.get("data") or ""),
        deliveries=int(tried) if tried.isdigit() else None,
    )
    if {"alert", "channel"} <= attributes.keys():
        with suppress(Stale):
            deliveries.gave_up(attributes["alert"], attributes["channel"])
    metrics.count("dead_letters", topic=topic.rpartition("/")[2])
    log.error("dead letter %s: %s", letter, events.object_name(event))


def send_again(letter: dead_letters.Letter) -> None:
    """Publishes a letter to its topic once more. Raises Unavailable."""
    events.send(letter.topic, base64.b64decode(letter.data), letter.attributes)


def _id(topic: str, event: CloudEvent) -> str:
    message = events.message_of(event)
    content: list[Any] = [message.get("data") or "", sorted(_own(message.get("attributes") or {}).items())]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]
    return f"{topic.rpartition('/')[2]}-{digest}"


def _own(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if not name.startswith(_ADDED)}
