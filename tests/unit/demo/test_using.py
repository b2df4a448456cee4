import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from emulator.errors import StackError
from emulator.sample import run
from emulator.stack import control
from emulator.stack.running_stack import using
from sender.errors import Unauthorized, Unavailable

ENDPOINTS = SimpleNamespace(vision="127.0.0.1:8", env=lambda: {"INGEST_URL": "http://127.0.0.1:9"})


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`up` are the running stacks, `calls` what was asked of them."""
    state = SimpleNamespace(up=set(), calls=[])

    def start(name: str, **_: Any) -> Any:
        state.up.add(name)
        state.calls.append(f"start {name}")
        return ENDPOINTS

    def stop(name: str) -> None:
        state.up.remove(name)
        state.calls.append(f"stop {name}")

    monkeypatch.setattr(control, "running", lambda name: ENDPOINTS if name in state.up else None)
    monkeypatch.setattr(control, "find", lambda name: ENDPOINTS if name in state.up else None)
    monkeypatch.setattr(control, "start", start)
    monkeypatch.setattr(control, "stop", stop)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield state
    for number, handler in handlers.items():
        signal.signal(number, handler)


def quiet(*_: str) -> None:
    pass


def test_a_stack_that_it_started_is_stopped_and_its_clients_find_it(stacks: Any) -> None:
    with using("one", quiet, quiet):
        assert os.environ["INGEST_URL"] == "http://127.0.0.1:9"
    assert stacks.calls == ["start one", "stop one"]


def test_a_stack_that_it_found_is_left_running(stacks: Any) -> None:
    stacks.up.add("one")
    with using("one", quiet, quiet):
        pass
    assert stacks.calls == []


def test_a_stack_with_emulators_is_not_taken_for_one_with_google(stacks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks.up.add("one")
    monkeypatch.setenv("VISION", "cloud")
    with (
        pytest.raises(StackError, match="VISION=cloud, but the stack one is up already with the emulator"),
        using("one", quiet, quiet),
    ):
        pytest.fail("it was used")
    assert stacks.calls == []


def test_a_stack_with_emulators_is_not_taken_for_one_without(stacks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks.up.add("one")
    monkeypatch.setenv("VISION", "local")
    with pytest.raises(StackError, match="VISION=local, but the stack one is up"), using("one", quiet, quiet):
        pytest.fail("it was used")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_too(stacks: Any, number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), using("one", quiet, quiet):
        os.kill(os.getpid(), number)
        threading.Event().wait(60)
    assert stacks.calls == ["start one", "stop one"]


def sending(monkeypatch: pytest.MonkeyPatch, errors: list[Exception]) -> int:
    """How often it was sent, each time ending with the next of `errors`; after the last it is stopped."""
    stop, sent = threading.Event(), []

    class Push:
        alive = False

        def __init__(self, *_: Any, **__: Any) -> None:
            sent.append(self)

        def start(self) -> None:
            pass

        stop = start

        def join(self, _: float) -> None:
            if len(errors) == 1:
                stop.set()
            raise errors.pop(0)

    monkeypatch.setattr(run, "Push", Push)
    monkeypatch.setattr(run, "_AGAIN_AFTER", 0.0)
    run.keep_sending(Path("clip.mp4"), "http://127.0.0.1:9/streams/demo", "key", stop)
    return len(sent)


def test_sending_goes_on_after_ingest_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sending(monkeypatch, [Unavailable("gone"), Unavailable("gone"), Unavailable("gone")]) == 3


def test_sending_ends_where_trying_again_cannot_help(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sending(monkeypatch, [Unauthorized("no"), Unavailable("never reached")]) == 1
