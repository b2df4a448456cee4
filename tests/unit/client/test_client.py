"""The Python client against a server that answers as the API does: pages, problems, entity tags, another try."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.servers import free_port

from media_analyzer import Client, NotFound, Refused, TooManyRequests, Unauthorized, Unreachable, live, transport
from media_analyzer.__main__ import main
from media_analyzer.transport import Transport

KEY = "hush-hush"
Answers = Callable[[str, dict[str, str]], tuple[int, Any, dict[str, str]]]


@dataclass
class Api:
    """A server whose answers a test decides on. It keeps what it was asked."""

    answers: Answers
    asked: list[tuple[str, dict[str, str], str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(answers: Answers) -> Iterator[Api]:
    api = Api(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            api.asked.append((parts.path, query, self.headers.get("Authorization")))
            status, body, headers = api.answers(parts.path, query)
            if self.headers.get("If-None-Match") and self.headers["If-None-Match"] == headers.get("ETag"):
                status, body = 304, None
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another try, and another look at a live session, wait for nothing."""
    monkeypatch.setattr(transport, "_AGAIN", transport._AGAIN.new(backoff_factor=0))
    monkeypatch.setattr(live, "_POLL", 0.0)


def problem(status: int, detail: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
    body = {"type": "about:blank", "title": "Title", "status": status, "detail": detail}
    return status, body, {"Content-Type": "application/problem+json", **headers}


def test_a_list_is_fetched_page_by_page_as_far_as_it_is_read() -> None:
    pages = {None: (["a", "b"], "b"), "b": (["c"], "c"), "c": (["d"], None)}

    def answers(path: str, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        names, after = pages[query.get("after")]
        return 200, {"streams": [{"id": name} for name in names], "next": after}, {}

    with serving(answers) as api, Client(api.url, KEY) as client:
        streams = client.streams()
        assert [next(streams)["id"], next(streams)["id"]] == ["a", "b"]
        assert len(api.asked) == 1
        assert [stream["id"] for stream in streams] == ["c", "d"]
    assert api.asked[0] == ("/api/streams", {"limit": "1000"}, f"Bearer {KEY}")


@pytest.mark.parametrize(
    ("status", "error"), [(401, Unauthorized), (403, Unauthorized), (404, NotFound), (409, Refused), (500, Refused)]
)
def test_a_problem_is_told_in_the_words_of_the_api(status: int, error: type[Refused]) -> None:
    with (
        serving(lambda *_: problem(status, "stream 'x' is not there")) as api,
        Client(api.url, KEY) as client,
        pytest.raises(error, match=f"{status}: stream 'x' is not there") as told,
    ):
        client.stream("x")
    assert (told.value.status, told.value.title) == (status, "Title")
    assert KEY not in str(told.value)


def test_what_may_pass_is_asked_again_and_a_limit_that_stays_is_told() -> None:
    left = [problem(503, "asleep"), problem(429, "too many", **{"Retry-After": "0"})]

    def answers(*_: Any) -> tuple[int, Any, dict[str, str]]:
        return left.pop(0) if left else (200, {"stream": {"id": "x"}}, {})

    with serving(answers) as api, Client(api.url) as client:
        assert client.stream("x")["id"] == "x"
        assert [key for _, _, key in api.asked] == [None] * 3
        api.answers = lambda *_: problem(429, "too many", **{"Retry-After": "0"})
        with pytest.raises(TooManyRequests, match="429: too many") as told:
            client.stream("x")
        assert told.value.retry_after == 0


def test_an_address_where_nothing_answers_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    with Client(address, KEY) as client, pytest.raises(Unreachable, match=f"no answer from {address}api"):
        client.create_stream("x")


def test_an_answer_of_something_else_is_no_answer() -> None:
    with (
        serving(lambda *_: (200, None, {})) as api,
        Client(api.url) as client,
        pytest.raises(Unreachable, match="expected the API of Media Analyzer"),
    ):
        client.stream("x")


@pytest.mark.parametrize("url", ["", "HOST", "ftp://HOST", "https://HOST/?key=x", "https://me:secret@HOST/"])
def test_an_address_that_is_none_is_refused_without_a_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"invalid address.*: expected") as told:
        Client(url)
    assert "secret" not in str(told.value)


def test_a_file_is_whole_or_not_there_and_is_asked_for_without_the_key(tmp_path: Path) -> None:
    answers = [problem(404, "it is gone"), (200, {"whole": True}, {})]
    with serving(lambda *_: answers.pop(0)) as api:
        asking = Transport(api.url, KEY)
        with pytest.raises(NotFound, match="it is gone"):
            asking.save("/m/grant/clip.mp4", tmp_path / "clip.mp4")
        assert list(tmp_path.iterdir()) == []
        asking.save("/m/grant/clip.mp4", tmp_path / "clip.mp4")
        assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("clip.mp4", '{"whole": true}')]
        assert api.asked == [("/m/grant/clip.mp4", {}, None)] * 2
        asking.close()


def test_parts_of_a_path_stay_parts() -> None:
    with serving(lambda *_: problem(404, "no")) as api, Client(api.url) as client, pytest.raises(NotFound):
        client.session("a/b?c", "../d")
    assert api.asked[0][0] == "/api/streams/a%2Fb%3Fc/sessions/..%2Fd"


class Broadcast:
    """A session whose frames are analysed one after the other, in no order; it ended a minute ago."""

    def __init__(self, now: datetime) -> None:
        ended = (now - timedelta(seconds=60)).isoformat()
        self.session = {"started": (now - timedelta(seconds=100)).isoformat(), "ended": None}
        self.rounds: list[list[tuple[int, list[str]]]] = [
            [(1000, ["logo"])],
            [(1000, ["logo"]), (2000, ["logo"])],
            [(1000, ["logo", "text"]), (2000, ["logo"])],
        ]
        self.ended, self.round = ended, 0

    def __call__(self, path: str, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        if path.endswith("/x"):
            return 200, {"stream": {"session": "s"}}, {}
        if path.endswith("/s"):
            return 200, {"session": self.session}, {}
        current = min(self.round, len(self.rounds) - 1)
        self.round += 1
        if self.round > len(self.rounds):
            self.session["ended"] = self.ended
        frames = [
            {
                "id": f"{at:010d}",
                "time": at / 1000,
                "program_date_time": "2026-01-01T00:00:00+00:00",
                "analyses": {kind: {"detections": [{"label": "a", "confidence": 1, "box": None}]} for kind in kinds},
            }
            for at, kinds in self.rounds[current]
        ]
        return 200, {"frames": frames, "next": None}, {"ETag": f'"{current}"'}


def test_watching_tells_each_analysis_once_also_one_that_comes_late() -> None:
    with serving(Broadcast(datetime.now(UTC))) as api, Client(api.url) as client:
        seen = [(one.time, one.kind) for one in client.watch("x", start=0)]
    assert seen == [(1.0, "logo"), (2.0, "logo"), (1.0, "text")]


def test_watching_begins_now() -> None:
    with serving(Broadcast(datetime.now(UTC))) as api, Client(api.url) as client:
        next(client.watch("x"))
    [since] = [float(query["from"]) for path, query, _ in api.asked if path.endswith("/frames")]
    assert 70 <= since < 100, "100 s after the beginning, less the half minute in which late results come"


def test_the_command_line_lists_streams(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stream = {"id": "studio", "state": "live", "session": None, "name": "The studio"}
    with serving(lambda *_: (200, {"streams": [stream], "next": None}, {})) as api:
        monkeypatch.setenv("MEDIA_ANALYZER_KEY", KEY)
        assert main(["--url", api.url, "streams"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "id      state  session  name",
            "studio  live   -        The studio",
        ]
        assert main(["--url", api.url, "streams", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == [stream]
        assert api.asked[0][2] == f"Bearer {KEY}"


def test_the_command_line_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MEDIA_ANALYZER_URL", raising=False)
    assert main(["streams"]) == 2
    assert "set MEDIA_ANALYZER_URL" in capsys.readouterr().err
    with serving(lambda *_: problem(401, "the key is wrong")) as api:
        assert main(["--url", api.url, "report", "studio"]) == 1
    assert capsys.readouterr().err == "401: the key is wrong\n"
