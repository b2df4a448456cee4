"""A request's body as a source of bytes."""

from __future__ import annotations

import io
import socket
import threading
from typing import IO, cast

import pytest
from tests.wait import until

from ingest.http.body import Body
from ingest.http.linger import linger


class Breaking:
    """A server's body that breaks off while more was asked for than had come, as gunicorn's does."""

    def __init__(self, came: bytes) -> None:
        self._came = came
        self._broken = False

    def read(self, size: int) -> bytes:
        if not self._broken and size > len(self._came):
            self._broken = True
            raise ConnectionResetError
        data, self._came = self._came[:size], self._came[size:]
        return data


def body(stream: object, connection: socket.socket | None = None, *, expects: bool = False) -> Body:
    return Body(cast(IO[bytes], stream), connection, 10.0, expects=expects)


def everything(source: Body, size: int = 65536) -> bytes:
    pieces: list[bytes] = []
    while piece := source.read(size):
        assert len(piece) <= size
        pieces.append(piece)
    return b"".join(pieces)


def test_a_body_is_read_to_its_end() -> None:
    data = bytes(range(256)) * 10_000
    source = body(io.BytesIO(data))

    assert everything(source) == data
    assert source.ended


def test_what_came_before_a_break_is_kept() -> None:
    data = bytes(range(256)) * 1000

    assert everything(body(Breaking(data)), 1000) == data


def test_a_stopped_body_ends_even_while_it_waits() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb", buffering=0) as stream:
        source = body(stream, ours)
        read: list[bytes] = []
        reader = threading.Thread(target=lambda: read.append(everything(source)))
        reader.start()
        source.stop()
        reader.join(60)

        assert read == [b""]
        assert source.stopped


def test_a_live_body_gives_what_has_come_though_the_sender_pauses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    with theirs, ours, ours.makefile("rb") as stream:  # its reads wait until they have all, as gunicorn's do
        source = Body(cast(IO[bytes], stream), ours, 10.0, expects=False, live=True)
        theirs.sendall(bytes(200_000))
        came = len(source.read(65536))
        while came < 180_000:
            came += len(source.read(65536))
        theirs.shutdown(socket.SHUT_WR)

        assert came + len(everything(source)) == 200_000
        assert not source.broken


def test_a_sender_that_asks_is_invited_once_at_the_first_read() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        source = body(io.BytesIO(b"data"), ours, expects=True)
        theirs.setblocking(False)
        try:
            early = theirs.recv(100)
        except BlockingIOError:
            early = b""
        source.read(2)
        source.read(2)

        assert early == b""
        assert theirs.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_lingering_ends_when_the_sender_does() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        source = body(io.BytesIO(b"x" * 100), ours)
        theirs.sendall(b"y" * 10_000)
        theirs.shutdown(socket.SHUT_WR)

        source.linger()

        assert theirs.recv(10) == b""  # told that no more comes


class Silent(socket.socket):
    """A connection whose other end neither sends nor closes; it notes how long it was waited for."""

    waits: tuple[float, ...] = ()

    def settimeout(self, value: float | None, /) -> None:
        self.waits = (*self.waits, value or 0.0)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        raise TimeoutError


def test_a_silent_sender_without_the_right_key_keeps_a_thread_for_a_fifth_of_a_second() -> None:
    with Silent() as known, Silent() as stranger:
        linger(known)
        linger(stranger, stranger=True)
    assert known.waits == pytest.approx([2.0], abs=0.1)
    assert stranger.waits == pytest.approx([0.2], abs=0.1)


class Flowing(Silent):
    """A connection on which bytes come until it is told to fall silent."""

    flows = threading.Event()

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        if self.flows.wait(60):
            raise TimeoutError
        raise AssertionError("it was not told")


def test_no_more_than_eight_senders_without_the_right_key_keep_threads() -> None:
    flowing = [Flowing() for _ in range(8)]
    threads = [threading.Thread(target=linger, args=(one,), kwargs={"stranger": True}) for one in flowing]
    for thread in threads:
        thread.start()
    until(lambda: all(one.waits for one in flowing), 60)
    with Silent() as ninth:
        linger(ninth, stranger=True)
        assert ninth.waits == ()
    Flowing.flows.set()
    for thread, one in zip(threads, flowing, strict=True):
        thread.join(60)
        one.close()
    with Silent() as tenth:
        linger(tenth, stranger=True)
        assert len(tenth.waits) == 1
