import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from sender import Push
from sender.errors import Conflict, NotFound, Unauthorized, Unavailable, UnsupportedMedia
from sender.pace import paced
from sender.post import post
from sender.remux import Chunk

KEY = "the-key"


@dataclass
class Clock:
    """Time that passes only when a test waits."""

    now: float = 100.0
    waits: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return False


@dataclass
class Server:
    """An ingest that notes what it is sent. `early` answers before it has read the body."""

    url: str
    bodies: list[bytes]
    answer: tuple[int, dict[str, Any]] = (200, {"segments": 3})
    early: bool = False


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if self.headers["Authorization"] != f"Bearer {KEY}":
                self.reply(401, {"detail": "the key for stream 'demo' is missing or wrong"})
            elif state.early:
                self.reply(*state.answer)
            else:
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                state.bodies.append(body)
                self.reply(*state.answer)

        def reply(self, status: int, answer: dict[str, Any]) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/problem+json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()
            self.close_connection = True
            while state.early and self.connection.recv(65536):  # as ingest does: close with care
                pass

        def log_message(self, format: str, *args: Any) -> None:
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    state = Server(f"http://127.0.0.1:{listening.server_port}/streams/demo", [])
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield state
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("push") / "short.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "5"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(10):
            picture = np.full((90, 160, 3), number * 20, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return str(path)


def test_each_chunk_waits_until_it_is_due() -> None:
    clock = Clock()
    chunks = [Chunk(at, b"x") for at in (0.0, 0.1, 0.3)]
    seen = [(round(clock.now - 100, 3), chunk.at) for chunk in paced(chunks, clock.wait, lambda: clock.now)]
    assert seen == [(0.0, 0.0), (0.1, 0.1), (0.3, 0.3)]


def test_a_stall_is_caught_up_with() -> None:
    clock, seen = Clock(), []
    for chunk in paced([Chunk(at / 10, b"x") for at in range(20)], clock.wait, lambda: clock.now):
        if chunk.at == 0.5:
            clock.now += 1.0  # the other end took its time
        seen.append(round(clock.now - 100, 3))
    assert seen[6] == seen[5]  # no waiting while late
    assert seen[-1] == 1.9  # and in time again at the end


def test_a_stop_ends_the_stream_at_once() -> None:
    assert list(paced([Chunk(0.0, b"x")], lambda _: True)) == []


def test_the_body_arrives_whole_and_the_answer_comes_back(server: Server) -> None:
    assert post(server.url, KEY, iter([b"one", b"", b"two" * 50_000])) == {"segments": 3}
    assert server.bodies == [b"one" + b"two" * 50_000]


def test_a_wrong_key_is_told_in_the_servers_words_while_the_body_still_flows(server: Server) -> None:
    with pytest.raises(Unauthorized, match="401: the key for stream 'demo' is missing or wrong"):
        post(server.url, "wrong", endless())


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, NotFound), (409, Conflict), (415, UnsupportedMedia), (503, Unavailable), (418, Unavailable)],
)
def test_a_refusal_is_the_error_of_its_status(server: Server, status: int, error: type[Exception]) -> None:
    server.early, server.answer = True, (status, {"title": "No", "detail": "because of the moon"})
    with pytest.raises(error, match="because of the moon"):
        post(server.url, KEY, endless())


def test_nobody_at_the_address_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="nothing answers at"):
        post("http://127.0.0.1:1/streams/demo", KEY, iter([b"x"]))


def test_a_push_sends_a_video_and_says_how_far_it_is(server: Server, video: str) -> None:
    told: list[float] = []
    push = Push(video, server.url, KEY, seconds=0.6, on_progress=lambda progress: told.append(progress.media_seconds))
    push.start()
    assert push.join(60) == {"segments": 3}
    assert not push.alive
    assert push.progress.sent_bytes == len(server.bodies[0]) > 0
    assert told == sorted(told)
    assert server.bodies[0][0] == 0x47  # a transport stream


def test_a_stopped_push_ends_its_body_cleanly(server: Server, video: str) -> None:
    begun = threading.Event()
    push = Push(video, server.url, KEY, loop=True, on_progress=lambda _: begun.set())
    push.start()
    assert begun.wait(60)
    push.stop()
    assert push.join(60) == {"segments": 3}
    assert server.bodies


def test_a_push_of_what_is_no_video_troubles_nobody(server: Server, tmp_path: Path) -> None:
    push = Push(str(tmp_path / "none.mp4"), server.url, KEY)
    push.start()
    with pytest.raises(UnsupportedMedia, match=r"none\.mp4"):
        push.join(60)
    assert server.bodies == []


def test_the_key_is_in_no_message(server: Server) -> None:
    with pytest.raises(Unauthorized) as caught:
        post(server.url, "hush-hush", endless())
    assert "hush-hush" not in str(caught.value)


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 1000
