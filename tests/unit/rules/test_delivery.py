"""What goes to channels: signatures that the public library verifies, shapes, and no request to a private address."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from pipeline.delivery import post
from pipeline.delivery.channels import REQUESTS
from pipeline.delivery.signature import headers, new_secret
from pipeline.domain.acting import Alert, ChannelKind
from pipeline.domain.errors import BadRequest
from pipeline.rules import message
from pipeline.rules.settings import acting

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALERT = Alert(
    id="a" + 24 * "0",
    rule="r" + 16 * "1",
    rule_name="Acme <is> missing",
    revision=1,
    kind="absent",
    tenant="main",
    stream="studio",
    session="20260504T120000Z-1a2b3c",
    at=AT,
    media_time=24.0,
    text="Acme has not been on the screen for 20 s",
    facts={"label": "Acme", "seconds": 20.0},
    snapshot="frames/studio/20260504T120000Z-1a2b3c/0000024000.jpg",
    created=AT,
)
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "alert.v1.json"


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGE_URL", "https://page.example/")
    acting.cache_clear()


def test_a_webhook_verifies_with_the_public_library_and_no_other_body_does() -> None:
    secret = new_secret()
    request = REQUESTS[ChannelKind.WEBHOOK](ALERT, secret)
    event = Webhook(secret).verify(request.body, dict(request.headers))
    assert event["id"] == ALERT.id
    assert event["data"]["page"] == "https://page.example/?stream=studio&session=20260504T120000Z-1a2b3c&t=24.0"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body + b" ", dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(request.body, dict(request.headers))


def test_the_signature_is_that_of_the_standard() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_event_has_the_published_schema() -> None:
    schema = json.loads(SCHEMA.read_text())
    assert schema == message.json_schema(), "make docs"
    jsonschema.validate(json.loads(message.body(ALERT, "https://page.example")), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": ALERT.id}, schema)
    nanoseconds = DatetimeWithNanoseconds(2026, 5, 4, 12, 0, tzinfo=UTC)  # as Firestore answers
    assert message.body(replace(ALERT, at=nanoseconds, created=nanoseconds), "") == message.body(ALERT, "").replace(
        b"12:00:00Z", b"12:00:00+00:00"
    )
    assert json.loads(message.body(replace(ALERT, snapshot=None), ""))["data"]["page"] is None


def test_slack_reads_no_markup_in_names_and_teams_gets_a_card() -> None:
    slack = json.loads(REQUESTS[ChannelKind.SLACK](ALERT, "").body)
    assert slack["text"].startswith("*Acme &lt;is&gt; missing*: ")
    teams = json.loads(REQUESTS[ChannelKind.TEAMS](ALERT, "").body)
    assert teams["attachments"][0]["content"]["body"][1]["text"] == ALERT.text


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://127.0.0.1/x",
            "https://127.0.0.1/x",
            "https://10.0.0.5/",
            "https://169.254.169.254/",
            "https://[::1]/",
        ),
        *("ftp://example.com", "https://", "https://me@example.com/", "https://a:b"),
    ],
)
def test_alerts_go_to_no_private_address(address: str) -> None:
    with pytest.raises(Exception, match=r"private address|'address' must be|no address") as raised:
        post.post(address, b"", {}, private=False)
    assert type(raised.value).__name__ in ("BadRequest", "Unavailable")


def test_a_setting_allows_private_ones_and_plain_http() -> None:
    post.check("http://127.0.0.1:1/x", private=True)
    with pytest.raises(BadRequest, match="of https or http"):
        post.check("file:///etc/passwd", private=True)
