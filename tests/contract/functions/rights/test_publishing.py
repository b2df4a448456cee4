"""People send video without ever seeing a key: by tokens that soon end, and with their right."""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY
from tests.contract.functions.world import STARTED, World

from front import publishing
from front.people import known
from pipeline.documents import streams
from pipeline.documents.people import members
from pipeline.domain.errors import Unauthorized
from pipeline.domain.model import Stream
from pipeline.domain.people import Member

SECRET = "grant-secret-for-tests"


@pytest.fixture
def maker(world: World, request: pytest.FixtureRequest) -> Member:
    """A publisher who made the stream `sent`."""
    one = people.member("publisher", name="sends")
    world.stream("sent")
    world.db.document("streams/sent").update({"created_by": one.id, "tenant": "main", "visibility": "private"})
    known.forget()
    return one


def token(world: World, headers: dict[str, str], stream: str = "sent") -> str:
    given = world.api().post(f"/streams/{stream}/grants/publish", headers=headers)
    assert given.status_code == 201, given.get_data(as_text=True)
    return given.get_json()["token"]


def let_in(text: str | None, stream: str = "sent") -> bool:
    known.forget()  # as five seconds later
    try:
        publishing.authenticate(stream, text, "198.51.100.7", SECRET)
    except Unauthorized:
        return False
    return True


def test_a_person_who_may_change_a_stream_sends_to_it_with_a_token(world: World, maker: Member) -> None:
    given = token(world, people.signed_in(maker))
    assert let_in(given)
    assert let_in(token(world, KEY))
    assert let_in(token(world, people.signed_in(people.member("operator", name="runs"))))
    assert "key" not in given
    assert world.db.document("keys/sent").get().to_dict() is None or let_in("key"), "keys are as they were"


def test_a_token_is_for_its_own_stream_and_as_it_was_made(world: World, maker: Member) -> None:
    given = token(world, people.signed_in(maker))
    streams.create(Stream("sent-beside", "Beside", created=STARTED, created_by=maker.id), "key")
    assert not let_in(given, "sent-beside")
    mac = given.rpartition(".")[2]
    for wrong in (
        given[:-1] + ("0" if given[-1] != "0" else "1"),
        given.replace(maker.id, f"m{'0' * 24}"),
        given.replace(maker.id, "admin"),
        f"p.9999999999.{given.split('.')[2]}.{maker.id}.{mac}",
        f"{given}.",
        f"p.{given}",
        "p.",
        given.upper(),
    ):
        assert not let_in(wrong)


def test_a_token_ends_after_two_minutes(world: World, maker: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    given, now = token(world, people.signed_in(maker)), time.time()
    monkeypatch.setattr(publishing.time, "time", lambda: now + 110)
    assert let_in(given)
    monkeypatch.setattr(publishing.time, "time", lambda: now + 125)
    assert not let_in(given)


@pytest.mark.parametrize("how", ["removed", "demoted", "grants revoked", "another made it"])
def test_a_token_ends_with_the_right_it_was_given_for(world: World, maker: Member, how: str) -> None:
    given = token(world, people.signed_in(maker))
    changes: dict[str, Any] = {
        "removed": lambda: members.remove(maker.id),
        "demoted": lambda: world.db.document(f"members/{maker.id}").update({"role": "viewer"}),
        "grants revoked": lambda: world.api().post("/streams/sent/grants/revoke", headers=KEY),
        "another made it": lambda: world.db.document("streams/sent").update({"created_by": f"m{'1' * 24}"}),
    }
    changes[how]()
    assert not let_in(given)


def test_a_key_goes_on_beside_and_nothing_lets_no_one_in(world: World, maker: Member) -> None:
    assert let_in("key")
    for wrong in (None, "", "another"):
        assert not let_in(wrong)


def test_a_token_opens_nothing_of_the_api(world: World, maker: Member) -> None:
    headers = people.bearer(token(world, people.signed_in(maker)))
    for method, path in (("GET", "/streams/sent"), ("POST", "/streams/sent/uploads"), ("GET", "/streams/sent/key")):
        assert world.api().open(path, method=method, headers=headers, json={"name": "a", "size": 1}).status_code == 401


def test_a_viewer_and_a_publisher_who_did_not_make_it_get_none(world: World, maker: Member) -> None:
    for role, name in (("viewer", "looks"), ("publisher", "makes-others")):
        headers = people.signed_in(people.member(role, name=name))
        assert world.api().post("/streams/sent/grants/publish", headers=headers).status_code in (403, 404)
