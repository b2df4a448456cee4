"""An alert as a CloudEvent 1.0, in the structured form: what `alerts` carries and webhooks receive.

docs/schemas/ has the JSON schema of its data, which `runner/front` serves as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct

from ..domain.acting import Alert

TYPE = "io.media-analyzer.alert.v1"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
SCHEMA = "/api/schemas/alert.v1.json"
"""Where the front serves the schema of `data`."""


class AlertData(Struct, kw_only=True):
    """What a rule fired for."""

    alert: Annotated[str, Meta(description="its id; the same however often the message comes")]
    rule: Annotated[str, Meta(description="the rule's id")]
    rule_name: str
    kind: Annotated[str, Meta(description="the kind of rule, such as absent")]
    stream: str
    session: str
    at: Annotated[datetime, Meta(description="program date time of the instant that it fired for")]
    media_time: Annotated[float, Meta(ge=0, description="the same instant in seconds of the session's media time")]
    text: Annotated[str, Meta(description="a sentence for people")]
    facts: Annotated[dict[str, Any], Meta(description="the same for programs; its fields depend on the kind")]
    snapshot: Annotated[str | None, Meta(description="the object of a frame, to be read through a grant of the stream")]
    page: Annotated[str | None, Meta(description="the page of that instant")]


class AlertEvent(Struct, kw_only=True):
    """A CloudEvent 1.0 whose data is an alert."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: Annotated[str, Meta(description="the stream's path in the API")]
    type: Literal["io.media-analyzer.alert.v1"] = TYPE
    subject: str
    time: Annotated[datetime, Meta(description="when the rule fired")]
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    data: AlertData


def event(alert: Alert, page: str) -> AlertEvent:
    """The event of an alert. `page`: the address of the page, or empty."""
    base = page.rstrip("/")
    return AlertEvent(
        id=alert.id,
        source=f"/api/streams/{alert.stream}",
        subject=alert.rule,
        time=alert.created,
        dataschema=f"{base}{SCHEMA}",
        data=AlertData(
            alert=alert.id,
            rule=alert.rule,
            rule_name=alert.rule_name,
            kind=alert.kind,
            stream=alert.stream,
            session=alert.session,
            at=alert.at,
            media_time=alert.media_time,
            text=alert.text,
            facts=dict(alert.facts),
            snapshot=alert.snapshot,
            page=f"{base}/{_moment(alert)}" if base else None,
        ),
    )


def body(alert: Alert, page: str) -> bytes:
    """The event as JSON."""
    return msgspec.json.encode(event(alert, page), enc_hook=_plain)


def _plain(value: Any) -> str:
    """Firestore's times are of a type of their own."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


def _moment(alert: Alert) -> str:
    return f"?stream={quote(alert.stream)}&session={quote(alert.session)}&t={alert.media_time:.1f}"


def json_schema() -> dict[str, Any]:
    """The JSON schema of the event."""
    made = msgspec.json.schema(AlertEvent)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **made}
