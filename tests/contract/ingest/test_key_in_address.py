"""A key in an address is refused: request logs keep addresses whole."""

from __future__ import annotations

import http.client
import json

import pytest
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.senders import dial
from websockets.exceptions import InvalidStatus


@pytest.mark.parametrize(
    ("method", "name"), [("POST", ""), ("PUT", "/live.m3u8"), ("PUT", "/a.ts"), ("DELETE", "/a.ts")]
)
def test_it_is_refused_before_the_body_and_said_what_to_send_instead(
    service: Service, stream: Publishing, method: str, name: str
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    headers = {"Authorization": f"Bearer {stream.key}", "Expect": "100-continue", "Content-Length": "1000"}
    connection.request(method, f"/streams/{stream.id}{name}?key={stream.key}", headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()

    assert answer.status == 400
    assert "Authorization: Bearer KEY" in json.loads(text)["detail"]
    assert stream.key not in text
    assert stream.key not in service.log.read_text()


def test_a_websocket_with_it_is_not_opened(service: Service, stream: Publishing) -> None:
    with pytest.raises(InvalidStatus) as refused, dial(service, stream, f"?key={stream.key}"):
        pass
    assert refused.value.response.status_code == 400
    assert b"key.BASE64URL" in (refused.value.response.body or b"")
