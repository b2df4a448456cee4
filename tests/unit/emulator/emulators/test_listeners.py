"""Pages that are gone: the emulator of Firestore is told, since it keeps messages for them for ever."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from emulator.emulators.google_emulators.listeners import Listeners

LISTEN = "/google.firestore.v1.Firestore/Listen/channel"
WAITS = (
    f"GET {LISTEN}?VER=8&database=projects%2Fp%2Fdatabases%2F(default)&RID=rpc&SID=one&TYPE=xmlhttp HTTP/1.1".encode()
)


class Told:
    """What the emulator is told."""

    def __init__(self, patience: float) -> None:
        self.lines: list[bytes] = []
        self.told = asyncio.Event()
        self.listeners = Listeners(self._end, patience)

    async def _end(self, first: bytes) -> None:
        self.lines.append(first)
        self.told.set()


def test_a_listener_whose_page_does_not_come_back_is_ended() -> None:
    async def left() -> list[bytes]:
        one = Told(0.0)
        with one.listeners.request(WAITS):
            pass
        await asyncio.wait_for(one.told.wait(), 60)
        return one.lines

    [line] = asyncio.run(left())
    method, target, _ = line.decode().split(" ")
    assert (method, urlsplit(target).path) == ("GET", LISTEN)
    assert parse_qs(urlsplit(target).query) == {
        "VER": ["8"],
        "database": ["projects/p/databases/(default)"],
        "RID": ["1000000"],
        "SID": ["one"],
        "TYPE": ["terminate"],
    }


@pytest.mark.parametrize(
    "other", [WAITS, f"POST {LISTEN}?VER=8&RID=5&SID=one HTTP/1.1".encode(), WAITS.replace(b"xmlhttp", b"terminate")]
)
def test_one_whose_page_comes_back_or_says_that_it_goes_is_left_alone(other: bytes) -> None:
    async def came() -> list[bytes]:
        one = Told(0.0)
        with one.listeners.request(WAITS):
            pass
        with one.listeners.request(other):
            for _ in range(10):
                await asyncio.sleep(0)
            return list(one.lines)

    assert asyncio.run(came()) == []


@pytest.mark.parametrize("first", [b"GET /v1/documents HTTP/1.1", b"", b"GET  HTTP/1.1 x", b"GET /?SID= HTTP/1.1"])
def test_other_requests_end_nothing(first: bytes) -> None:
    async def asked() -> list[bytes]:
        one = Told(0.0)
        with one.listeners.request(first):
            pass
        for _ in range(10):
            await asyncio.sleep(0)
        return one.lines

    assert asyncio.run(asked()) == []
