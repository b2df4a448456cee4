"""A context's trace is kept where its test fails, and dropped where it passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.traces import Traces


class Context:
    """Stands in for Playwright's: its trace and its pages write files that say so."""

    def __init__(self) -> None:
        self.tracing, self.pages = self, [self]
        self.started = self.stopped = self.closed = False

    def start(self) -> None:
        self.started = True

    def stop(self, path: Path | None = None) -> None:
        self.stopped = True
        if path:
            path.write_text("trace")

    def screenshot(self, path: Path, timeout: float) -> None:
        path.write_text("picture")

    def close(self) -> None:
        assert self.stopped
        self.closed = True


class Browser:
    def new_context(self) -> Any:
        return Context()


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Traces:
    found = Traces(tmp_path)
    found.watch(Browser, Context, monkeypatch)
    found.begin("tests/web/test_a.py::test_it[a b]")
    return found


def test_a_context_that_is_closed_in_order_leaves_nothing(traces: Traces, tmp_path: Path) -> None:
    context = Browser().new_context()
    assert context.started
    context.close()
    assert context.closed
    assert (traces.keep(), list(tmp_path.iterdir())) == ([], [])


def test_a_context_that_is_open_when_its_test_fails_is_kept_with_its_picture(traces: Traces, tmp_path: Path) -> None:
    Browser().new_context()
    assert traces.keep() == [tmp_path / "web-test_a.py-test_it-a-b--0.zip"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"trace", "picture"}
    traces.begin("the next test")
    assert traces.keep() == []


def test_a_context_that_is_closed_on_the_way_out_of_a_failure_is_kept(traces: Traces) -> None:
    context = Browser().new_context()
    with pytest.raises(ZeroDivisionError):
        try:
            _ = 1 / 0
        finally:
            context.close()
    assert context.closed
    [kept] = traces.keep()
    assert kept.exists()
