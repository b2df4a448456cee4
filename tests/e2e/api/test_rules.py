"""A brand that stays away fires a rule once, and a webhook hears of it, however long its receiver was down."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import av
import cv2
import numpy as np
import pytest
import requests
from google.cloud.pubsub_v1 import SubscriberClient
from standardwebhooks.webhooks import Webhook
from tests.wait import until

from emulator.sample import streams
from pipeline.cloud.clients import media_bucket

pytestmark = pytest.mark.stack
STREAM, SECONDS, FPS, PATIENCE = "rules", 34, 10, 120.0
SHOWN = range(4 * FPS)  # frames with the mark
MARK = Path(__file__).parents[3] / ".local" / "media" / "marks" / "shell" / "black.png"


class Receiver:
    """A server of webhooks. While it is `down` it refuses."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.refused = 0
        self.down = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}/alerts"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.down:
                    receiver.refused += 1
                else:
                    receiver.got.append((dict(self.headers), body))
                self.send_response(503 if receiver.down else 204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Api:
    """The API, as the admin key opens it."""

    def __init__(self, endpoints: Any) -> None:
        self._root = endpoints.api.rstrip("/")
        self._headers = {"Authorization": f"Bearer {endpoints.admin_key}"}

    def __call__(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        response = requests.request(method, self._root + path, headers=self._headers, json=body or None, timeout=60)
        assert response.ok, response.text
        return response.json() if response.content else {}

    def send(self, path: str, data: bytes) -> None:
        response = requests.post(self._root + path, headers=self._headers, data=data, timeout=60)
        assert response.ok, response.text


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with closing(Receiver()) as made:
        yield made


@pytest.fixture(scope="module")
def api(stack: Any) -> Api:
    return Api(stack)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mark for four seconds, and none for thirty."""
    path = tmp_path_factory.mktemp("rules") / "film.ts"
    mark = cv2.imread(str(MARK), cv2.IMREAD_UNCHANGED)
    assert mark is not None
    mark = cv2.resize(mark, (160, 160), interpolation=cv2.INTER_AREA)
    empty = np.full((360, 640, 3), 235, np.uint8)
    shown, opaque = empty.copy(), mark[:, :, 3:] / 255.0
    shown[100:260, 240:400] = shown[100:260, 240:400] * (1 - opaque) + mark[:, :, :3] * opaque
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": str(2 * FPS)})
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        for number in range(SECONDS * FPS):
            picture = shown if number in SHOWN else empty
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(video.encode())
    return path


@pytest.fixture(scope="module")
def fired(stack: Any, api: Api, receiver: Receiver, film: Path) -> dict[str, Any]:
    """The alert, and the secret of the channel that it goes to."""
    key = streams.create(stack, STREAM, STREAM)
    api("POST", "/brands", id="rules", name="Ruled")
    api.send("/brands/rules/references", MARK.read_bytes())
    api("PATCH", f"/streams/{STREAM}", settings={"kinds": ["logo"], "providers": {"logo": ["gallery"]}})
    made = api("POST", "/channels", name="receiver", kind="webhook", address=receiver.address)
    what = {"kind": "absent", "label": "ruled", "seconds": 20}
    rule = {"name": "It is missing", "what": what, "stream": STREAM, "channels": [made["channel"]["id"]]}
    fired = api("POST", "/rules", **rule)["rule"]
    answer = requests.post(
        streams.address(stack, STREAM),
        data=film.read_bytes(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "video/mp2t"},
        timeout=PATIENCE,
    )
    assert answer.ok, answer.text
    listed = until(lambda: api("GET", f"/alerts?rule={fired['id']}")["alerts"], PATIENCE, "an alert")
    return {"alert": listed[0], "secret": made["secret"], "channel": made["channel"]["id"], "rule": fired}


def alerts(api: Api, fired: dict[str, Any]) -> list[dict[str, Any]]:
    return api("GET", f"/alerts?rule={fired['rule']['id']}")["alerts"]


def test_a_brand_that_is_absent_for_20_s_fires_once(api: Api, fired: dict[str, Any]) -> None:
    alert = fired["alert"]
    assert alert["facts"]["label"] == "ruled"
    assert 23.5 <= alert["media_time"] <= 27, "the mark is there for four seconds"
    assert alert["snapshot"] and media_bucket().blob(alert["snapshot"]).exists()


def test_a_receiver_that_was_down_gets_it_later_and_can_verify_it(
    api: Api, fired: dict[str, Any], receiver: Receiver
) -> None:
    until(lambda: receiver.refused, PATIENCE, "a first attempt")
    receiver.down = False
    headers, body = until(lambda: receiver.got, PATIENCE, "a delivery")[0]
    event = Webhook(fired["secret"]).verify(body.decode(), {name.lower(): value for name, value in headers.items()})
    assert (event["id"], event["data"]["rule"]) == (fired["alert"]["id"], fired["rule"]["id"])
    until(lambda: alerts(api, fired)[0]["deliveries"][0]["state"] == "delivered", PATIENCE, "the state")
    assert alerts(api, fired)[0]["deliveries"][0]["attempts"] > 1


def test_events_that_come_twice_fire_nothing(api: Api, fired: dict[str, Any], receiver: Receiver) -> None:
    before = len(receiver.got)
    about = f"results/{STREAM}/{fired['alert']['session']}/"
    for blob in media_bucket().list_blobs(prefix=about):
        for subscription in ("rules-results", "rules-results"):
            assert push(subscription, blob) == 200
    assert [one["id"] for one in alerts(api, fired)] == [fired["alert"]["id"]]
    until(lambda: alerts(api, fired)[0]["deliveries"][0]["state"] == "delivered", PATIENCE, "the state")
    assert len(receiver.got) == before


def push(name: str, blob: Any) -> int:
    """Pushes the notification of an object as Pub/Sub would, and waits until it is handled."""
    project = os.environ["GOOGLE_CLOUD_PROJECT"]
    with SubscriberClient() as client:
        listed = client.list_subscriptions(project=f"projects/{project}")
        [address] = [one.push_config.push_endpoint for one in listed if one.name.endswith(name)]
    attributes = {
        "eventType": "OBJECT_FINALIZE",
        "payloadFormat": "JSON_API_V1",
        "bucketId": blob.bucket.name,
        "objectId": blob.name,
        "objectGeneration": str(blob.generation),
    }
    payload = {"size": str(blob.size), "metadata": blob.metadata or {}, "timeCreated": blob.time_created.isoformat()}
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    message = {"message": {"attributes": attributes, "data": data, "messageId": "1"}, "subscription": name}
    return requests.post(address, json=message, timeout=60).status_code


def test_a_test_against_the_past_finds_the_same_and_a_delivery_can_be_sent_again(
    api: Api, fired: dict[str, Any], receiver: Receiver
) -> None:
    rule, alert = fired["rule"], fired["alert"]
    past = api("POST", "/rule-tests", what=rule["what"], stream=STREAM)
    assert [(one["session"], one["media_time"]) for one in past["fired"]] == [(alert["session"], alert["media_time"])]
    assert past["seconds"] == pytest.approx(SECONDS, abs=1)
    before = len(receiver.got)
    api("POST", f"/alerts/{alert['id']}/deliveries/{fired['channel']}/replay")
    until(lambda: len(receiver.got) > before, PATIENCE, "the replay")
    assert json.loads(receiver.got[-1][1])["id"] == alert["id"]
