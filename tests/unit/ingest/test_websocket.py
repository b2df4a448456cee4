"""The server's end of a WebSocket, over a socket pair."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from ingest.http.live_sender import Notices, Query, Sender
from ingest.http.websocket import WebSocket
from ingest.session.session import Summary
from pipeline.domain import shapes
from pipeline.domain.errors import BadRequest, UnsupportedMedia


@dataclass
class Pair:
    """The server's end under test, and the raw other end."""

    server: WebSocket
    client: socket.socket

    def send(self, opcode: Opcode, data: bytes, *, fin: bool = True) -> None:
        self.client.sendall(Frame(opcode, data, fin).serialize(mask=True))

    def say(self, **message: object) -> None:
        self.send(Opcode.TEXT, json.dumps(message).encode())

    def told(self) -> dict[str, object]:
        """The next short text message from the server."""
        head = self.client.recv(2)
        size = head[1] if head[1] < 126 else int.from_bytes(self.client.recv(2))
        return json.loads(self.client.recv(size))


@pytest.fixture
def pair() -> Iterator[Pair]:
    server, client = socket.socketpair()
    client.settimeout(5)
    server.settimeout(5)
    yield Pair(WebSocket(server, ServerProtocol(state=State.OPEN, max_size=1 << 20)), client)
    server.close()
    client.close()


def sender(pair: Pair, lifetime: float = 100.0) -> Sender:
    return Sender(pair.server, 5.0, lifetime)


def test_binary_messages_are_one_stream_however_they_are_cut(pair: Pair) -> None:
    pair.send(Opcode.BINARY, b"abc", fin=False)
    pair.send(Opcode.PING, b"?")
    pair.send(Opcode.CONT, b"def")
    pair.send(Opcode.BINARY, b"")
    pair.send(Opcode.BINARY, b"ghi")
    pair.say(type="end")
    source = sender(pair)
    assert b"".join(iter(lambda: source.read(2), b"")) == b"abcdefghi"
    assert (source.ended, source.broken) == (True, False)


def test_a_ping_is_answered(pair: Pair) -> None:
    pair.send(Opcode.PING, b"?")
    pair.say(type="end")
    sender(pair).read(1)
    assert pair.client.recv(3) == b"\x8a\x01?"


@pytest.mark.parametrize("how", ["vanishes", "closes", "falls silent", "is stopped"])
def test_a_sender_that_does_not_say_end_may_come_back(pair: Pair, how: str) -> None:
    source = sender(pair)
    pair.send(Opcode.BINARY, b"abc")
    assert source.read(10) == b"abc"
    if how == "vanishes":
        pair.client.close()
    elif how == "closes":
        pair.send(Opcode.CLOSE, Close(1001, "").serialize())
    elif how == "falls silent":
        pair.server.timeout(0.01)
    else:
        source.stop()
    assert source.read(10) == b""
    assert (source.ended, source.broken) == (False, True)


def test_nothing_is_read_before_somebody_wants_it(pair: Pair) -> None:
    """What a sender sends meanwhile waits in the sockets, which are finite: TCP slows it."""
    pair.client.settimeout(0.05)
    sent = 0
    with pytest.raises(TimeoutError):
        while sent < 64 << 20:
            pair.send(Opcode.BINARY, b"x" * 10_000)
            sent += 10_000
    assert sent < 4 << 20


def test_a_sender_that_reads_nothing_holds_nobody_up(pair: Pair) -> None:
    notices = Notices(pair.server)
    for count in range(20_000):
        notices(Summary("s", count, count * 2.0, "playlist"))
    assert pair.told()["type"] == "accepted"


@pytest.mark.parametrize("text", ["no JSON", "[]", "7", '{"type": "jump"}', "[" * 10_000])
def test_a_message_that_nobody_knows_is_refused(pair: Pair, text: str) -> None:
    pair.send(Opcode.TEXT, text.encode())
    with pytest.raises(BadRequest):
        sender(pair).read(1)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00" * 40,  # a continuation of nothing
        b"\xf2\x80abcd",  # reserved bits
        b"\x82\x7f" + b"\xff" * 8,  # a length that no message has
        b"\x82\x05hello",  # without a mask
        Frame(Opcode.TEXT, b"\xff\xfe").serialize(mask=True),
        Frame(Opcode.TEXT, b"x" * 20_000).serialize(mask=True),
        Frame(Opcode.BINARY, b"x" * (2 << 20)).serialize(mask=True),
    ],
    ids=["continuation", "reserved", "length", "unmasked", "no text", "long text", "long binary"],  # masks are random
)
def test_what_is_no_websocket_message_ends_in_words(pair: Pair, raw: bytes) -> None:
    pair.client.settimeout(0.2)
    with contextlib.suppress(TimeoutError):  # it need not be taken whole
        pair.client.sendall(raw)
    with pytest.raises(BadRequest):
        sender(pair).read(1)


def test_a_sender_gives_up_in_its_own_words(pair: Pair) -> None:
    pair.say(type="error", detail="no camera" + "!" * 1000)
    source = sender(pair)
    with pytest.raises(UnsupportedMedia, match="the sender gave up: no camera!!!") as caught:
        source.read(1)
    assert len(str(caught.value)) < 600
    assert not source.broken


@pytest.mark.parametrize("said", ["moon", ""])
def test_an_origin_that_is_none_is_refused_naming_the_field(said: str) -> None:
    with pytest.raises(BadRequest, match="'origin' must be one of websocket, webcam, screen, rtmp, file"):
        shapes.read({"origin": said}, Query)


def test_a_query_may_have_fields_of_later_releases() -> None:
    assert shapes.read({"version": "3"}, Query).origin == "websocket"


def test_a_last_message_says_what_would_be_right(pair: Pair) -> None:
    pair.say(type="jump")
    with pytest.raises(BadRequest, match="'type' must be 'end' or 'error'"):
        sender(pair).read(1)


def test_a_sender_is_asked_once_to_connect_again(pair: Pair) -> None:
    source = sender(pair, lifetime=0.0)
    for _ in range(3):
        pair.send(Opcode.BINARY, b"x")
        source.read(1)
    pair.server.send("last")
    assert pair.told() == {"type": "reconnect"}
    assert pair.client.recv(100)[2:] == b"last"


def test_what_a_sender_had_stored_before_a_gap_is_not_counted_as_taken(pair: Pair) -> None:
    """Media time goes on by the clock over a gap, so the first segment after it shows no more than where it begins."""
    notices = Notices(pair.server)
    for segments, media_seconds in ((3, 6.0), (4, 12.5), (5, 14.5)):
        notices(Summary("s", segments, media_seconds, "playlist"))
    told = [pair.told() for _ in range(3)]
    assert [m["type"] for m in told] == ["accepted", "stored", "stored"]
    assert [m["taken_seconds"] for m in told[1:]] == [0.0, 2.0]
