"""Pages that are gone: the emulator of Firestore is told, since it keeps messages for them for ever."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from emulator.emulators.google_emulators.listeners import Listeners

LISTEN = "/google.firestore.v1.Firestore/Listen/channel"
DATABASE = "projects/p/databases/(default)"
BASE = urlencode({"VER": "8", "database": DATABASE})
BEGINS = f"POST {LISTEN}?{BASE}&RID=70&CVER=22 HTTP/1.1".encode()
WAITS = f"GET {LISTEN}?{BASE}&RID=rpc&SID=one&TYPE=xmlhttp HTTP/1.1".encode()
ASKS = f"POST {LISTEN}?{BASE}&RID=71&SID=one HTTP/1.1".encode()
GOES = f"POST {LISTEN}?{BASE}&RID=72&SID=one&TYPE=terminate HTTP/1.1".encode()
NAMED = b'HTTP/1.1 200 OK\r\n\r\n51\r\n[[0,["c","one","",8,12,30000]]]\r\n'


def changes(first: int, *messages: dict[str, object]) -> bytes:
    said = {f"req{number}___data__": json.dumps(one) for number, one in enumerate(messages)}
    return urlencode({"count": str(len(messages)), "ofs": str(first), **said}).encode()


ADDS = changes(0, {"database": DATABASE, "addTarget": {"targetId": 2}}, {"addTarget": {"targetId": 4}})


class Told:
    """What the emulator is told, once a listener ends."""

    def __init__(self, gone: float = 0.0, asleep: float = 0.0) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.ended = asyncio.Event()
        self.listeners = Listeners(self._send, gone, asleep)

    async def _send(self, first: bytes, body: bytes) -> None:
        method, target, _ = first.decode().split(" ")
        query = {name: value for name, [value] in parse_qs(urlsplit(target).query).items()}
        self.requests.append((method, query, {name: value for name, [value] in parse_qs(body.decode()).items()}))
        if query.get("TYPE") == "terminate":
            self.ended.set()

    async def page(self, first: bytes, body: bytes = b"", answer: bytes = b"", *, left: bool = False) -> None:
        request = await self.listeners.request(first, body)
        request.answered(answer)
        request.end(left=left)

    def removed(self) -> list[int]:
        return [json.loads(body["req0___data__"])["removeTarget"] for _, _, body in self.requests if body]


async def begun(one: Told) -> None:
    await one.page(BEGINS, ADDS, NAMED)
    await one.page(ASKS, changes(2, {"removeTarget": 4}, {"addTarget": {"targetId": 6}}))


@pytest.mark.parametrize(("gone", "asleep", "left"), [(0.0, 3600.0, True), (3600.0, 0.0, False)])
def test_the_targets_of_a_page_that_does_not_come_back_are_removed(gone: float, asleep: float, left: bool) -> None:
    async def world() -> Told:
        one = Told(gone, asleep)
        await begun(one)
        await one.page(WAITS, left=left)
        await asyncio.wait_for(one.ended.wait(), 60)
        return one

    one = asyncio.run(world())
    assert one.removed() == [2, 6]
    assert [(method, query["RID"], query["SID"]) for method, query, _ in one.requests] == [
        ("POST", "72", "one"),
        ("POST", "73", "one"),
        ("GET", "74", "one"),
    ]
    assert [body["ofs"] for _, _, body in one.requests if body] == ["4", "5"]
    assert all((query["VER"], query["database"]) == ("8", DATABASE) for _, query, _ in one.requests)


def test_a_page_that_says_that_it_goes_has_its_targets_removed_before() -> None:
    async def world() -> Told:
        one = Told(3600.0, 3600.0)
        await begun(one)
        await one.page(GOES)
        return one

    one = asyncio.run(world())
    assert one.removed() == [2, 6]
    assert not one.ended.is_set(), "its own word is handed over"


def test_a_page_that_waits_keeps_its_targets() -> None:
    async def world() -> Told:
        one = Told()
        request = await one.listeners.request(BEGINS, ADDS)
        request.answered(NAMED)
        waiting = await one.listeners.request(WAITS, b"")
        request.end(left=False)
        await one.page(ASKS, changes(2))
        for _ in range(10):
            await asyncio.sleep(0)
        assert one.requests == []
        waiting.end(left=True)
        await asyncio.wait_for(one.ended.wait(), 60)
        return one

    assert asyncio.run(world()).removed() == [2, 4]


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"count=x&ofs=-1", b"req0___data__=%5B", b"req0___data__=%7B%22addTarget%22%3A1%7D"]
)
def test_what_is_no_message_adds_no_target(body: bytes) -> None:
    async def world() -> Told:
        one = Told()
        await one.page(BEGINS, body, NAMED, left=True)
        await asyncio.wait_for(one.ended.wait(), 60)
        return one

    assert asyncio.run(world()).removed() == []
