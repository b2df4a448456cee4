"""The internal routes of front: for named service accounts alone, whatever other key, cookie or token is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from tests.contract.functions import people
from tests.contract.functions.asking import KEY, call
from tests.contract.functions.described import described
from tests.contract.functions.world import SESSION, World
from werkzeug import Response
from werkzeug.serving import make_server

from emulator.accounts import metadata_host
from front.control import callers
from front.people import sessions
from pipeline.cloud import service_identity
from pipeline.control import client, lease, push
from pipeline.documents import leases, pushes
from pipeline.documents.control import quotas
from pipeline.domain import names
from pipeline.domain.errors import (
    Conflict,
    Failure,
    LeaseLost,
    LimitReached,
    OverQuota,
    Stopped,
    Unauthorized,
    Unavailable,
    UsedUp,
)
from pipeline.domain.push import Assigned, Item, Push

INGEST = "ingest@test-project.iam.gserviceaccount.com"
FRONT = "http://front.test"
WHEN = datetime(2026, 5, 4, 12, 0, 0, 123_456, UTC)


@pytest.fixture
def become(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes this process a workload with another account."""
    storage = environment["STORAGE_EMULATOR_HOST"].removeprefix("http://")

    def become(account: str) -> None:
        monkeypatch.setenv("GCE_METADATA_HOST", metadata_host(storage, account))
        client.forget()

    yield become
    client.forget()


@pytest.fixture
def ingest(world: World, become: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is ingest, and front answers at its address."""
    server = make_server("127.0.0.1", 0, world.front, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("FRONT_URL", f"http://127.0.0.1:{server.server_port}")
    callers.callers.cache_clear()
    become(INGEST)
    yield
    callers.callers.cache_clear()
    server.shutdown()
    server.server_close()


def ask(world: World, headers: dict[str, str], stream: str = "guarded") -> int:
    return world.front.test_client().get(f"/control/streams/{stream}/lease", headers=headers).status_code


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_an_account_that_is_named_may_ask(world: World, become: Any) -> None:
    become(INGEST)
    assert ask(world, bearer(service_identity.token_for(FRONT).get())) == 200


def test_no_other_account_may_and_no_token_for_another_service_is_taken(world: World, become: Any) -> None:
    become(INGEST)
    assert ask(world, bearer(service_identity.token_for("http://elsewhere.test").get())) == 403
    become("sample@test-project.iam.gserviceaccount.com")
    assert ask(world, bearer(service_identity.token_for(FRONT).get())) == 403


def test_nothing_that_a_person_or_a_sender_holds_opens_them(world: World) -> None:
    world.stream("guarded")
    admin = people.member("admin")
    begun = Response()
    sessions.begin(begun, admin)
    cookie = {"Cookie": begun.headers["Set-Cookie"].partition(";")[0]}
    for headers in ({}, KEY, bearer("key"), bearer("a.b.c"), people.signed_in(admin), cookie):
        assert ask(world, headers) == 403


def test_they_are_no_part_of_the_api_that_is_described() -> None:
    assert not [path for path in described()["paths"] if "control" in path]


@pytest.mark.usefixtures("ingest")
def test_a_publish_token_of_a_person_is_taken_like_a_key(world: World) -> None:
    world.stream("published")
    maker = people.signed_in(people.member("operator", name="publishes"))
    token = world.api().post("/streams/published/grants/publish", headers=maker).get_json()["token"]
    lease.authenticate("published", token, "198.51.100.7")
    world.stream("published-beside")
    with pytest.raises(Unauthorized, match="was not made here"):
        lease.authenticate("published-beside", token, "198.51.100.7")


@pytest.mark.usefixtures("ingest")
def test_a_key_is_checked_and_its_use_is_noted(world: World) -> None:
    world.stream("checked")
    lease.authenticate("checked", "key", "198.51.100.7")
    used = call(world, "GET", "/streams/checked/key").get_json()["key"]
    assert used["last_used_from"] == "198.51.100.7"
    for wrong in ("wrong", "", None):
        with pytest.raises(Unauthorized, match="is missing or wrong"):
            lease.authenticate("checked", wrong, "198.51.100.7")


@pytest.mark.usefixtures("ingest")
def test_a_lease_is_held_moved_and_let_go_of(world: World) -> None:
    stream = world.stream("held")
    held = lease.acquire(stream, "a sender", origin="http")
    first = held.session
    assert lease.is_held(stream) and not held.resumed
    with pytest.raises(Conflict, match="published already, by a sender since") as refused:
        lease.acquire(stream, "another")
    assert type(refused.value) is Conflict
    assert refused.value.public == f"another sender publishes to stream '{stream}'"
    held.renew()
    held.move(SESSION)
    assert (held.session, held.unfinished) == (SESSION, [first])
    held.finished(first)
    held.suspend(held.reconnect_until(), Failure("unavailable", "the bucket did not answer"))
    again = lease.acquire(stream, "a sender")
    assert (again.session, again.resumed, again.unfinished) == (SESSION, True, [])
    again.release()
    assert not lease.is_held(stream)
    with pytest.raises(LeaseLost):
        held.renew()


@pytest.mark.usefixtures("ingest")
def test_an_operator_s_stop_reaches_the_holder(world: World) -> None:
    held = lease.acquire(world.stream("told-to-stop"), "a sender")
    leases.revoke("told-to-stop")
    with pytest.raises(Stopped):
        held.renew()
    held.release()
    assert leases.held("told-to-stop") is None


@pytest.mark.usefixtures("ingest")
def test_a_quota_that_is_used_up_reaches_the_holder_and_the_next_sender(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = lease.acquire(world.stream("used-up"), "a sender")
    leases.revoke("used-up", Failure("over-quota", "a day's media are used up"))
    with pytest.raises(OverQuota, match="a day's media are used up"):
        held.renew()
    held.release()

    def full(*_: Any, **__: Any) -> None:
        raise UsedUp("a day's media are used up")

    monkeypatch.setattr(quotas, "check_media", full)
    with pytest.raises(UsedUp, match="a day's media are used up"):
        lease.acquire("used-up", "a sender")


@pytest.mark.usefixtures("ingest")
def test_a_lease_whose_answer_was_lost_is_found_by_the_repeated_call(world: World) -> None:
    stream = world.stream("lost-answer")
    first = leases.acquire(stream, "a sender", token="the-same")
    again = leases.acquire(stream, "a sender", token="the-same")
    assert (again.session, again.token, again.resumed) == (first.session, "the-same", False)
    with pytest.raises(Conflict):
        leases.acquire(stream, "a sender", token="another")


@pytest.mark.usefixtures("ingest")
def test_the_progress_of_a_push_comes_back_as_it_was(world: World) -> None:
    stream = world.stream("pushing")
    assert push.load(stream) is None
    item = Item(7, "a.ts", 2.0, WHEN, True, "init.mp4")
    entry = Assigned(0, "a.ts", 123, None, 0.0, 2.0, WHEN, False)
    written = Push(SESSION, 2, WHEN, 1, 2.0, recent=("a.ts#1",), waiting=(item,), assigned=(entry,), signature="s")
    push.save(stream, written)
    found = push.load(stream)
    assert found is not None
    assert found == written
    push.save(stream, replace(found, next=2))
    with pytest.raises(Conflict, match="went on meanwhile"):
        push.save(stream, replace(found, next=3))
    assert pushes.load(stream) == replace(written, next=2)


@pytest.mark.usefixtures("ingest")
def test_what_is_no_lease_or_push_is_refused_in_words(world: World) -> None:
    token = bearer(service_identity.token_for(callers.callers().address).get())
    state = {"stream": "s", "session": SESSION, "token": "t", "resumed": False, "resume_seconds": 30.0}
    held = state | {"unfinished": [], "version": "yesterday"}
    body = {"lease": held, "arguments": {}}
    asked = world.front.test_client()
    found = asked.post("/control/streams/s/lease/renew", json=body, headers=token)
    assert (found.status_code, found.get_json()["error"]) == (400, "BadRequest")
    assert asked.post("/control/streams/s/lease/explode", json=body, headers=token).status_code == 400
    assert asked.post("/control/streams/No/lease", json={"holder": "a", "token": "t"}, headers=token).status_code == 400
    assert asked.put("/control/streams/s/push", data=b"[", headers=token).status_code == 400
    pushed = {"session": SESSION, "target": 2, "version": "yesterday"}
    assert asked.put("/control/streams/s/push", json=pushed, headers=token).status_code == 400


def test_a_front_that_is_away_is_asked_again_until_the_time_is_up(
    ingest: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, failures = world.stream("away"), [requests.ConnectionError("refused"), requests.ReadTimeout("late")]
    real = requests.Session.request

    def request(self: Any, *args: Any, **options: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(self, *args, **options)

    monkeypatch.setattr(requests.Session, "request", request)
    lease.authenticate(stream, "key", "198.51.100.7")
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: _raise(requests.ConnectionError("refused")))
    with pytest.raises(Unavailable, match="front did not answer: ConnectionError"):
        client.call("GET", f"/streams/{stream}/lease", seconds=0.2)


def _raise(error: Exception) -> Any:
    raise error


def test_an_answer_that_is_not_front_s_counts_as_none(
    ingest: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release before has no such route, and its platform refuses in its own words."""
    answer = requests.Response()
    answer.status_code, answer._content = 404, b"<html>not found</html>"
    service_identity.token_for(callers.callers().address).get()
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: answer)
    with pytest.raises(Unavailable, match="front answered 404"):
        client.call("GET", "/streams/away/lease", seconds=0.2)


def test_names_of_the_collections_in_control_are_those_of_their_documents() -> None:
    paths = [make("x") for make in (names.key_path, names.lease_path, names.push_path, names.refusal_path)]
    paths += [names.CONFIG, names.quota_path("x"), names.upload_session_path("x")]
    assert {path.partition("/")[0] for path in paths} == set(names.CONTROL)


@pytest.mark.usefixtures("ingest")
def test_an_address_that_sends_wrong_keys_is_slowed_and_no_other(world: World) -> None:
    stream = world.stream("guessed-at")
    guesser, relay = "198.51.100.9", "192.0.2.35"
    for address in (guesser, relay):
        for _ in range(30):
            with pytest.raises(Unauthorized):
                lease.authenticate(stream, "wrong", address)
    with pytest.raises(LimitReached, match=r"too many wrong keys from 198\.51\.100\.9"):
        lease.authenticate(stream, "key", guesser)
    lease.authenticate(stream, "key", "198.51.100.10")
    lease.authenticate(stream, "key", relay)  # all encoders have it: the relay slows each by its own
