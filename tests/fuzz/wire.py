"""Senders that misbehave: each sends an input over a way in, and says what it was answered. A hang: TimeoutError."""

from __future__ import annotations

import base64
import http.client
import socket
import struct
from contextlib import suppress
from random import Random

from tests.contract.ingest.conftest import Publishing
from tests.contract.ingest.senders import protocols

from .mutate import mutate

_PATIENCE = 60.0  # seconds for an answer to a few seconds of video
_BLOCK = 16 << 10


def body(port: int, stream: Publishing, data: bytes, rng: Random) -> str:
    """POST of a chunked body; at times the framing itself is damaged, or the sender breaks off."""
    pieces = [data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    if rng.random() < 0.3:
        chunked = mutate(chunked, rng, [data])
    end = rng.choice((b"0\r\n\r\n", b"0\r\n\r\n", b"", b"-1\r\n\r\n", b"0\r\n\r\n0\r\n\r\n"))
    head = f"POST /streams/{stream.id} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {stream.key}\r\n"
    return _answer(port, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunked + end)


def websocket(port: int, stream: Publishing, data: bytes, rng: Random) -> str:
    """The continuous WebSocket: frames of any size; at times their headers are damaged, or there are others between."""
    nonce = base64.b64encode(rng.randbytes(16)).decode()
    head = (
        f"GET /streams/{stream.id}/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {nonce}\r\n"
        f"Sec-WebSocket-Protocol: {', '.join(protocols(stream.key))}\r\n\r\n"
    )
    frames: list[bytes] = []
    size = rng.choice((100, 3000, 60_000))
    frames += [_frame(2, data[at : at + size]) for at in range(0, len(data), size)]
    odd = (
        _frame(1, b"{}"),
        _frame(9, b"ping"),
        _frame(0, b"more"),
        _frame(3, b"?"),
        _frame(1, b"\xff"),
        _frame(10, b""),
    )
    for _ in range(rng.choice((0, 0, 1, 3))):
        frames.insert(rng.randrange(len(frames) + 1), rng.choice(odd))
    sent = b"".join([*frames, rng.choice((_frame(1, b'{"type": "end"}'), _frame(8, b"\x03\xe8"), b""))])
    if rng.random() < 0.4:
        sent = mutate(sent, rng, [data])
    return _answer(port, sent, after=head.encode())


def hls(port: int, stream: Publishing, data: bytes, rng: Random) -> str:
    """PUT of a segment and of a playlist, either of them damaged, under names good and bad."""
    number = rng.randrange(4)
    names = [f"live{number}.ts", f"live{number}.m4s", "../other/live.ts", "a" * 300 + ".ts", "init.mp4", "live.txt"]
    uris = [f"live{n}.ts" for n in range(number + 1)] + rng.choice(
        (*[[]] * 5, ["http://127.0.0.1/x.ts"], ["../../x.ts"], [""])
    )
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", f"#EXT-X-MEDIA-SEQUENCE:{rng.choice((0, 7))}"]
    lines += [line for uri in uris for line in ("#EXTINF:2.000000,", uri)] + rng.choice(([], ["#EXT-X-ENDLIST"]))
    playlist = "\n".join(lines).encode() + b"\n"
    if rng.random() < 0.5:
        playlist = mutate(playlist, rng, [data[:5000]])
    first = _put(port, stream, rng.choice([*names[:1] * 12, *names]), data)
    return f"segment {first}, playlist {_put(port, stream, 'live.m3u8', playlist)}"


def _put(port: int, stream: Publishing, name: str, data: bytes) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        headers = {"Authorization": f"Bearer {stream.key}"}
        connection.request("PUT", f"/streams/{stream.id}/{name}", data, headers)
        return _class(connection.getresponse().status)
    except (ConnectionError, http.client.BadStatusLine):
        return "closed"
    finally:
        connection.close()


def _frame(opcode: int, data: bytes) -> bytes:
    """A client's frame, masked."""
    size = len(data)
    long = b"" if size < 126 else struct.pack("!H", size) if size < 1 << 16 else struct.pack("!Q", size)
    mask = b"\x12\x34\x56\x78"
    whole = int.from_bytes(data) ^ int.from_bytes((mask * (size // 4 + 1))[:size])
    masked = whole.to_bytes(size)
    return (
        bytes((0x80 | opcode, 0x80 | (size if size < 126 else 126 if size < 1 << 16 else 127))) + long + mask + masked
    )


def _answer(port: int, sent: bytes, after: bytes = b"") -> str:
    """The status of what comes back; of a WebSocket, opened by `after`, the code with which it was closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
        received = bytearray()
        if after:
            connection.sendall(after)
            received += connection.recv(1 << 16)
        with suppress(BrokenPipeError, ConnectionResetError):  # refused while it was sent
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                received += piece
    if not received:
        return "closed"
    head, _, rest = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    return _class(status) if status != 101 else f"websocket {_last_words(bytes(rest))}"


def _last_words(data: bytes) -> str:
    """The code of the close frame at the end; a server's frames are not masked."""
    at, code = 0, "closed"
    while at + 2 <= len(data):
        opcode, size, at = data[at] & 15, data[at + 1], at + 2
        if size == 126:
            size, at = int.from_bytes(data[at : at + 2]), at + 2
        if opcode == 8 and size >= 2:
            code = str(int.from_bytes(data[at : at + 2]))
        at += size
    return code


def _class(status: int) -> str:
    """Clear answers only: what was wrong with the service itself would be a 500."""
    assert status < 500 or status == 503, f"answered with {status}"
    return str(status)
