"""The OpenAPI document and the API say the same: routes, statuses, schemas."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import grpc
import pytest
import requests
from google.cloud.vision_v1.types import AnnotateImageResponse
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS31Validator
from tests.contract.functions.clips_called import call_clips
from tests.contract.functions.described import Operation, check, operations, routes
from tests.contract.functions.detectors_called import call_all
from tests.contract.functions.people_called import call_people, refuse_the_rest
from tests.contract.functions.reports_called import call_reports
from tests.contract.functions.rules_called import call_rules
from tests.contract.functions.served import Served, serve
from tests.contract.functions.world import SESSION, STARTED, World, start_session
from tests.unit.sampling.clips import segment, still
from werkzeug.test import TestResponse

from front import refusals
from front.api.access import RIGHTS, Scope
from front.api.handlers.openapi import described
from front.api.routes import OPERATIONS
from pipeline.documents import dead_letters, leases, streams
from pipeline.domain import names
from pipeline.domain.errors import LimitReached
from pipeline.domain.model import StreamState
from pipeline.external_segments import signature
from pipeline.external_segments.settings import events

ADMIN = {"Authorization": "Bearer admin-key-for-tests"}
SECRET = "secret-of-the-store"
TRANSCRIPTS = ("transcript", "transcript.vtt", "transcript.srt")


@pytest.fixture(scope="module")
def store() -> Iterator[Served]:
    """A store of segments, somewhere else."""
    with serve({"/0.ts": segment(still(1, 50)), "/text": b"no video" * 60}) as served:
        yield served


@pytest.fixture
def announcing(world: World, store: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("SECRET", SECRET), ("HOSTS", "127.0.0.1"), ("PRIVATE", "true")):
        monkeypatch.setenv(f"EVENTS_{name}", value)
    events.cache_clear()
    yield
    events.cache_clear()


class Client:
    """Calls the API and holds each answer against the document."""

    def __init__(self, world: World) -> None:
        self._client = world.api()
        self.seen: set[Operation] = set()

    def __call__(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> TestResponse:
        response = self._client.open(path, method=method, headers=ADMIN if headers is None else headers, json=body)
        self.seen.add(check(method, path, response))
        return response

    def send(self, path: str, data: bytes, headers: dict[str, str] | None = None) -> TestResponse:
        response = self._client.post(path, data=data, headers=ADMIN if headers is None else headers)
        self.seen.add(check("POST", path, response))
        return response

    def announce(self, secret: str = SECRET, **given: Any) -> TestResponse:
        data, now = json.dumps(given).encode(), str(int(time.time()))
        headers = {"X-Timestamp": now, "X-Signature": signature.sign(secret, now, data)}
        response = self._client.post("/events/segments", data=data, headers=headers)
        self.seen.add(check("POST", "/events/segments", response))
        return response


def announced(url: str, **changes: Any) -> dict[str, Any]:
    given = {"stream": "oas", "session": "elsewhere-1", "sequence": 0, "media_time": 0.0, "duration": 2.0}
    return {**given, "program_date_time": STARTED.isoformat(), "url": url, **changes}


def test_the_document_is_openapi() -> None:
    document = described()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        OAS31Validator.check_schema(schema)
        Draft202012Validator.check_schema(schema)


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    assert {(method, path) for method, path, _ in operations()} == routes()


@pytest.mark.usefixtures("announcing")
def test_every_status_that_is_described_happens_and_looks_as_described(world: World, store: Served) -> None:
    call = Client(world)
    _streams(call)
    _sessions(call, world)
    _announcements(call, store)
    call_people(call)
    call_rules(call, "oas")
    _deletion(call, world)
    _dead_letters(call)
    call_all(call)
    refuse_the_rest(call)
    _too_many_wrong_keys(call)
    assert operations() - call.seen == set()
    _every_change_left_an_entry(world)


def _every_change_left_an_entry(world: World) -> None:
    found = {str(one.get("action")) for db in (world.db, world.control) for one in db.collection("audit").stream()}
    assert {operation.action for operation in OPERATIONS if operation.changes} - found == set()


def _streams(call: Client) -> None:
    for query in ("", "?limit=0", "?after=20200101T000000000000Z-00000000"):
        call("GET", f"/audit{query}")
    call("GET", "/audit", headers={})
    for query in ("", "?tenant=No"):
        call("GET", f"/quotas{query}")
    for change in ({}, {"imports_at_once": "many"}):
        call("PATCH", "/quotas", change)
    call("GET", "/health", headers={})
    call("GET", "/openapi.json", headers={})
    assert call("POST", "/streams", {"id": "oas", "name": "N", "visibility": "private"}).status_code == 201
    call("POST", "/streams", {"id": "oas", "name": "N"})
    for id in ("oas", "oas-none", "No"):
        call("GET", f"/streams/{id}/quotas")
        call("PATCH", f"/streams/{id}/quotas", {"usd_day": 5})
    call("PATCH", "/streams/oas/quotas", {"usd_day": "much"})
    call("POST", "/streams", {"name": "N", "viewers": [f"m{'0' * 24}"]})
    call("POST", "/streams", {})
    call("POST", "/streams", {}, headers={})
    call("GET", "/streams?limit=1")
    call("GET", "/streams?limit=0")
    call("GET", "/streams", headers={})
    for method, tail, body in (
        *(("GET", "", None), ("PATCH", "", {"name": "M"}), ("POST", "/stop", None)),
        *(("POST", "/key", None), ("GET", "/key", None)),
        *(("POST", "/grants", None), ("POST", "/grants/publish", None), ("POST", "/grants/revoke", None)),
        *(("GET", "/sessions", None), ("POST", "/uploads", {"name": "a.mp4", "size": 9, "content_type": "video/mp4"})),
    ):
        assert call(method, f"/streams/oas{tail}", body).status_code < 300
        call(method, f"/streams/absent{tail}", body)
        call(method, f"/streams/NoId{tail}", body)
        assert call(method, f"/streams/oas{tail}", body, headers={}).status_code == 401
    call("POST", "/streams/oas/uploads", {"name": "a.txt", "size": 9, "content_type": "text/plain"})
    again = {"name": "a.mp4", "size": 9, "fingerprint": "0" * 64}
    assert [call("POST", "/streams/oas/uploads", again).status_code for _ in range(2)] == [201, 200]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.cloud.resumable.requests.request", _away)
        assert call("POST", "/streams/oas/uploads", again).status_code == 503


def _away(*_: Any, **__: Any) -> None:
    raise requests.ConnectionError("storage is away")


def _sessions(call: Client, world: World) -> None:
    world.deliver("sample", world.put_segment("oas", 0, segment(still(1, 50))))
    start_session("oas", SESSION, STARTED)
    leases.acquire("oas", "a test", session=SESSION)
    assert call("POST", "/streams/oas/stop").get_json()["stopped"]["holder"] == "a test"
    reports = [("GET", f"/{name}") for name in ("exposure", "exposure.csv", "appearances", "annotations", "cost")]
    reports += [("POST", "/sponsorship"), ("POST", "/sponsorship.csv")]
    call_reports(call, "oas")
    call_clips(call, "oas")
    stored = [f"/{name}" for name in ("frames", "detections", "tracks", *TRANSCRIPTS)]
    for method, tail in (("GET", ""), ("POST", "/analyses"), *reports, *(("GET", tail) for tail in stored)):
        body = {} if method == "POST" else None
        assert call(method, f"/streams/oas/sessions/{SESSION}{tail}", body).status_code < 300
        call(method, f"/streams/oas/sessions/none{tail}", body)
        call(method, f"/streams/oas/sessions/no_id{tail}", body)
        call(method, f"/streams/oas/sessions/{SESSION}{tail}", body, headers={})
    for tail in stored:
        path = f"/streams/oas/sessions/{SESSION}{tail}"
        known = {**ADMIN, "If-None-Match": call("GET", path).headers["ETag"]}
        assert call("GET", path, headers=known).status_code == 304
    _preview(call, world, f"/streams/oas/sessions/{SESSION}/preview")


def _preview(call: Client, world: World, path: str) -> None:
    world.vision.says(lambda: AnnotateImageResponse())
    assert call("POST", path, {"media_ms": 0}).status_code == 200
    assert call("POST", path, {"media_ms": 5}).status_code == 404
    assert call("POST", path, {"media_ms": "0"}).status_code == 400
    assert call("POST", path, {"media_ms": 0}, headers={}).status_code == 401
    world.vision.says(grpc.StatusCode.UNAVAILABLE)
    assert call("POST", path, {"media_ms": 0}).status_code == 503


def _announcements(call: Client, store: Served) -> None:
    leases.discard("oas")
    leases.acquire("oas", "another")
    assert call.announce(**announced(store.url("/0.ts"))).status_code == 409
    leases.discard("oas")
    assert call.announce(**announced(store.url("/0.ts"))).status_code == 201
    assert call.announce(**announced(store.url("/0.ts"))).status_code == 200
    assert call.announce(**announced(store.url("/text"), sequence=1)).status_code == 415
    assert call.announce(**announced(store.url("/broken"), sequence=1)).status_code == 503
    assert call.announce(**announced("http://elsewhere.example/", sequence=1)).status_code == 400
    assert call.announce(**announced(store.url("/0.ts"), stream="absent")).status_code == 404
    assert call.announce("wrong", **announced(store.url("/0.ts"))).status_code == 401
    assert call.announce(stream="oas", session="elsewhere-1", ended=True).status_code == 200
    assert streams.get("oas").state is StreamState.ENDED


def _dead_letters(call: Client) -> None:
    id = f"dev-segments-{'0' * 24}"
    said = {"topic": "projects/p/topics/dev-segments", "object": "segments/oas/s/00000000.ts"}
    dead_letters.bury(id, **said, attributes={}, data="", deliveries=5)
    assert id in [one["id"] for one in call("GET", "/dead-letters").get_json()["dead_letters"]]
    call("GET", "/dead-letters?limit=0")
    call("GET", "/dead-letters", headers={})
    for method, tail in (("POST", "/retry"), ("DELETE", "")):
        call(method, f"/dead-letters/{id}{tail}", headers={})
        assert call(method, f"/dead-letters/{'x' * 9}{tail}").status_code == 400
        assert call(method, f"/dead-letters/dev-none-{'0' * 24}{tail}").status_code == 404
    call("POST", "/dead-letters/retry", {}, headers={})
    assert call("POST", "/dead-letters/retry", {"error": 7}).status_code == 400
    bulk = {**said, "topic": "projects/p/topics/oas-frames"}
    dead_letters.bury(f"oas-frames-{'0' * 24}", **bulk, attributes={}, data="", deliveries=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.cloud.events.publisher_client", lambda: _Publisher(TimeoutError()))
        assert call("POST", f"/dead-letters/{id}/retry").status_code == 503
        assert call("POST", "/dead-letters/retry", {"topic": "oas-frames"}).status_code == 503
        patch.setattr("pipeline.cloud.events.publisher_client", lambda: _Publisher("1"))
        assert call("POST", f"/dead-letters/{id}/retry").status_code == 202
        assert call("POST", "/dead-letters/retry", {"topic": "oas-frames"}).get_json() == {"sent": 1, "left": 0}
    dead_letters.bury(id, **said, attributes={}, data="", deliveries=5)
    assert call("DELETE", f"/dead-letters/{id}").status_code == 204


class _Publisher:
    """Says the same to each publisher."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def publish(self, topic: str, data: bytes, **attributes: str) -> Future[str]:
        sent = Future[str]()
        sent.set_exception(self._answer) if isinstance(self._answer, Exception) else sent.set_result(self._answer)
        return sent


def _too_many_wrong_keys(call: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refusals, "wrong_keys", _Exhausted())
        for one in OPERATIONS:
            if RIGHTS[one.handler].scope not in (Scope.OPEN, Scope.SIGNED):
                assert call(one.method, re.sub(r"{\w+}", "o" * 9, one.path)).status_code == 429


class _Exhausted:
    def check(self, address: str) -> None:
        raise LimitReached(f"too many wrong keys from {address}")


def _deletion(call: Client, world: World) -> None:
    call("DELETE", "/streams/absent")
    call("DELETE", "/streams/NoId")
    call("DELETE", "/streams/oas", headers={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("front.api.handlers.streams._DELETING", -1.0)
        assert call("DELETE", "/streams/oas").status_code == 202
    assert call("DELETE", "/streams/oas").status_code == 204
    assert world.stored(f"{names.SEGMENTS}oas/") == {}
