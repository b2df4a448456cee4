"""What is scheduled is called at its minute, and a call that fails is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.unit.emulator.stack.recorder import context_of, resource

from emulator.declaration.realise import timers
from emulator.emulators.cloud_scheduler import Timer, Timers
from emulator.errors import Unrealisable

JOB = "gcp:cloudscheduler/job:Job"
HTTP = {"uri": "http://127.0.0.1:1/", "httpMethod": "POST", "oidcToken": {"serviceAccountEmail": "t@p"}}


class Calls:
    """A server that keeps the headers of each call, by their names in small letters, and answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.came: list[dict[str, str]] = []
        self.called = threading.Semaphore(0)
        calls = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                calls.came.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(calls.status)
                self.end_headers()
                calls.called.release()

            def log_message(self, format: str, *args: object) -> None:
                """Without a log."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def timer(self) -> Timer:
        return Timer("tidy", "* * * * *", f"http://127.0.0.1:{self.server.server_port}/", "POST", 5.0)


@pytest.fixture
def calls() -> Iterator[Calls]:
    made = Calls()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Minutes:
    """A clock that stands a moment before a full minute each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, 0, 59, 990_000, UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def test_a_timer_calls_each_minute_as_cloud_scheduler_does(calls: Calls) -> None:
    timers = Timers(lambda _: None, Minutes())
    timers.start(calls.timer)
    for _ in range(2):
        assert calls.called.acquire(timeout=10)
    timers.stop()

    assert calls.came[0]["user-agent"] == "Google-Cloud-Scheduler"
    assert calls.came[0]["x-cloudscheduler-jobname"] == "tidy"
    times = [came["x-cloudscheduler-scheduletime"] for came in calls.came[:2]]
    assert times == ["2026-01-31T12:02:00Z", "2026-01-31T12:03:00Z"]


def test_a_call_that_fails_is_said_and_the_next_one_comes(calls: Calls) -> None:
    said: list[str] = []
    calls.status = 500
    timers = Timers(said.append, Minutes())
    timers.start(calls.timer)
    for _ in range(3):
        assert calls.called.acquire(timeout=10)
    timers.stop()

    assert "timer tidy" in said[0] and "500" in said[0]


def test_a_declared_job_becomes_a_timer(tmp_path: Path) -> None:
    inputs = {"schedule": "*/5 * * * *", "timeZone": "Etc/UTC", "attemptDeadline": "300s", "httpTarget": HTTP}
    [timer] = timers(context_of("127.0.0.1:1", tmp_path, resource(JOB, "tidy", inputs)))
    assert timer == Timer("tidy", "*/5 * * * *", "http://127.0.0.1:1/", "POST", 300.0)


def test_a_job_without_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unrealisable, match="only calls over HTTP"):
        timers(context_of("127.0.0.1:1", tmp_path, resource(JOB, "tidy", {"schedule": "* * * * *"})))
