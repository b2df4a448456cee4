"""A storage notification out of a Pub/Sub push."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.pipeline.notifications import ATTRIBUTES, PAYLOAD, event, message

from pipeline.cloud import events
from pipeline.domain.errors import Poison


def test_a_notification_is_decoded_whole() -> None:
    assert events.decode(event(message())) == events.ObjectEvent(
        message_id="42",
        event_type="OBJECT_FINALIZE",
        bucket="media",
        name="segments/s/x/00000001.ts",
        generation=1700000000000001,
        size=1250000,
        metadata={"media-time": "2.0"},
        finalized_at=datetime(2026, 5, 4, 12, 0, 0, 123000, UTC),
    )


def test_an_object_without_metadata_is_decoded() -> None:
    payload = {name: value for name, value in PAYLOAD.items() if name != "metadata"}
    assert events.decode(event(message(payload))).metadata == {}


@pytest.mark.parametrize("missing", ["eventType", "bucketId", "objectId", "objectGeneration"])
def test_a_missing_attribute_is_poison_and_named(missing: str) -> None:
    attributes = {name: value for name, value in ATTRIBUTES.items() if name != missing}
    with pytest.raises(Poison, match=missing):
        events.decode(event(message(attributes=attributes)))


@pytest.mark.parametrize("missing", ["size", "timeCreated"])
def test_a_missing_field_of_the_payload_is_poison_and_named(missing: str) -> None:
    payload = {name: value for name, value in PAYLOAD.items() if name != missing}
    with pytest.raises(Poison, match=missing):
        events.decode(event(message(payload)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        "no object",
        {},
        {"message": None},
        {"message": {"attributes": ATTRIBUTES}},
        {"message": {"data": "%%%", "attributes": ATTRIBUTES}},
        {"message": {"data": base64.b64encode(b"{").decode(), "attributes": ATTRIBUTES}},
        {"message": {"data": 7, "attributes": ATTRIBUTES}},
        message([1, 2]),
        message({**PAYLOAD, "size": "big"}),
        message({**PAYLOAD, "timeCreated": "yesterday"}),
        message(attributes={**ATTRIBUTES, "objectGeneration": "x"}),
        message(attributes=None),
    ],
)
def test_anything_else_is_poison(data: Any) -> None:
    with pytest.raises(Poison):
        events.decode(event(data))


def test_what_the_log_needs_is_found_in_any_message() -> None:
    assert (events.message_id(event(message())), events.object_name(event(message()))) == (
        "42",
        "segments/s/x/00000001.ts",
    )
    assert (events.message_id(event(None)), events.object_name(event(None))) == ("7", "")
