"""What each kind of channel sends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.acting import Alert, ChannelKind
from ..rules import message
from ..rules.settings import acting
from .signature import headers

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a channel."""

    body: bytes
    headers: Mapping[str, str]


def _webhook(alert: Alert, secret: str) -> Request:
    body = message.body(alert, acting().page_url)
    signed = headers(secret, alert.id, int(time.time()), body)
    return Request(body, {"Content-Type": message.CONTENT_TYPE, **signed})


def _slack(alert: Alert, _: str) -> Request:
    text = f"*{_plain(alert.rule_name)}*: {_plain(alert.text)} ({_plain(alert.stream)})"
    page = message.event(alert, acting().page_url).data.page
    blocks: list[Any] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    if page:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": f"<{page}|Look at it>"}]})
    return Request(json.dumps({"text": text, "blocks": blocks}).encode(), {"Content-Type": JSON})


def _teams(alert: Alert, _: str) -> Request:
    page = message.event(alert, acting().page_url).data.page
    facts = [{"title": "Stream", "value": alert.stream}, {"title": "At", "value": f"{alert.at:%Y-%m-%d %H:%M:%S} UTC"}]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": alert.rule_name, "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": alert.text, "wrap": True},
            {"type": "FactSet", "facts": facts},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Look at it", "url": page}] if page else [],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return Request(json.dumps({"type": "message", "attachments": [attachment]}).encode(), {"Content-Type": JSON})


REQUESTS: Mapping[ChannelKind, Callable[[Alert, str], Request]] = {
    ChannelKind.WEBHOOK: _webhook,
    ChannelKind.SLACK: _slack,
    ChannelKind.TEAMS: _teams,
}
"""The request of each kind of channel; the second argument is the channel's secret."""


def _plain(text: str) -> str:
    """`text`, in which Slack reads no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
