"""Keys of streams: two at a time, until when, and where they were used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions.asking import call
from tests.contract.functions.world import World

from pipeline.documents import leases
from pipeline.documents.control import stream_keys
from pipeline.domain import names
from pipeline.domain.errors import Stopped, Unauthorized

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [NOW]
    monkeypatch.setattr(stream_keys, "now_utc", lambda: times[0])
    return times


def opens(stream: str, key: str, address: str | None = None) -> bool:
    try:
        stream_keys.authenticate(stream, key, address)
    except Unauthorized:
        return False
    return True


def known(world: World, stream: str) -> dict[str, Any]:
    return call(world, "GET", f"/streams/{stream}/key").get_json()["key"]


def rotate(world: World, stream: str, query: str = "") -> dict[str, Any]:
    return call(world, "POST", f"/streams/{stream}/key{query}").get_json()


def test_the_key_before_is_good_for_the_grace_and_no_longer(world: World, clock: list[datetime]) -> None:
    world.stream("graceful")
    told = rotate(world, "graceful", "?grace_hours=24")
    until = NOW + timedelta(hours=24)
    assert told["previous_until"] == known(world, "graceful")["previous_until"] == until.isoformat()
    clock[0] = until - timedelta(seconds=1)
    assert opens("graceful", "key") and opens("graceful", told["key"])
    clock[0] = until
    assert not opens("graceful", "key") and opens("graceful", told["key"])
    assert known(world, "graceful")["previous_until"] is None


def test_of_three_keys_the_oldest_opens_nothing(world: World, clock: list[datetime]) -> None:
    world.stream("thrice")
    second = rotate(world, "thrice", "?grace_hours=24")["key"]
    third = rotate(world, "thrice", "?grace_hours=24")["key"]
    assert [opens("thrice", key) for key in ("key", second, third)] == [False, True, True]
    assert rotate(world, "thrice")["previous_until"] is None
    assert [opens("thrice", key) for key in (second, third)] == [False, False], "a rotation without grace ends both"


def test_a_key_ends_when_it_was_said_to(world: World, clock: list[datetime]) -> None:
    world.stream("ending")
    ends = datetime.now(UTC) + timedelta(hours=1)
    clock[0] = ends - timedelta(minutes=30)
    told = rotate(world, "ending", f"?expires={ends.isoformat().replace('+', '%2B')}")
    assert opens("ending", told["key"]) and told["expires"] == ends.isoformat()
    assert rotate(world, "ending", "?grace_hours=24")["previous_until"] == ends.isoformat(), "grace prolongs no key"
    clock[0] = ends
    with pytest.raises(Unauthorized, match="has expired"):
        stream_keys.authenticate("ending", told["key"])


def test_a_stolen_key_is_replaced_and_its_publisher_stopped_in_one_call(world: World) -> None:
    world.stream("stolen")
    lease = leases.acquire("stolen", "a sender at 192.0.2.66")
    told = rotate(world, "stolen", "?stop=true")
    assert told["stopped"]["holder"] == "a sender at 192.0.2.66"
    with pytest.raises(Stopped):
        lease.renew()
    assert not opens("stolen", "key") and opens("stolen", told["key"])
    assert rotate(world, "stolen")["stopped"] is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?stop=true&grace_hours=1", "'stop'"),
        ("?grace_hours=169", "'grace_hours'"),
        ("?grace_hours=-1", "'grace_hours'"),
        ("?expires=2020-01-01T00:00:00Z", "'expires'"),
        ("?expires=tomorrow", "'expires'"),
        ("?expires=2030-01-01T00:00:00", "'expires'"),
        ("?stop=maybe", "'stop'"),
    ],
)
def test_a_rotation_that_is_wrong_changes_nothing(world: World, query: str, said: str) -> None:
    stream = "unrotated"
    if not world.db.document(names.stream_path(stream)).get().exists:
        world.stream(stream)
    response = call(world, "POST", f"/streams/{stream}/key{query}")
    assert (response.status_code, said in response.get_json()["detail"]) == (400, True)
    assert opens(stream, "key")


def test_the_last_use_is_noted_with_its_address_once_a_minute(world: World, clock: list[datetime]) -> None:
    world.stream("noted")
    assert opens("noted", "key", "198.51.100.1")
    assert opens("noted", "key", "198.51.100.2"), "within the minute"
    said = known(world, "noted")
    assert (said["last_used"], said["last_used_from"]) == (NOW.isoformat(), "198.51.100.1")
    clock[0] = NOW + timedelta(minutes=1)
    assert not opens("noted", "wrong", "198.51.100.3")
    assert known(world, "noted")["last_used_from"] == "198.51.100.1", "a wrong key is no use"
    assert opens("noted", "key", "198.51.100.4")
    assert known(world, "noted")["last_used_from"] == "198.51.100.4"
    told = rotate(world, "noted")
    assert known(world, "noted")["last_used_from"] == "198.51.100.4"
    for secret in ("key", told["key"]):
        assert f'"{secret}"' not in str(world.control.document(names.key_path("noted")).get().to_dict())


def test_a_key_of_an_earlier_release_is_good(world: World) -> None:
    world.stream("older")
    document = world.control.document(names.key_path("older"))
    document.set({"hash": (document.get().to_dict() or {})["hash"]})
    assert opens("older", "key", "198.51.100.1") and not opens("older", "")
    assert known(world, "older")["created"] is None


def test_a_stream_that_does_not_exist_reads_as_a_wrong_key(world: World) -> None:
    with pytest.raises(Unauthorized, match="missing or wrong"):
        stream_keys.authenticate("no-such-stream", "key", "198.51.100.1")
    assert not world.control.document(names.key_path("no-such-stream")).get().exists
