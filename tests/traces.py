"""A browser test that fails leaves a trace of what it did to its pages, and a picture of each page as it stood.

Playwright records every context; the record is kept, in .local/traces, only if the test fails. The failure names it.
Nothing is recorded frame by frame, nor the media that a page fetches: that would slow down the very pages whose drawing
in real time is tested.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

FOLDER = Path(__file__).parents[1] / ".local" / "traces"


class Traces:
    """The contexts that are open, and where the traces of the running test were kept."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._open: list[Any] = []
        self._kept: list[Path] = []
        self._test = ""

    def watch(self, browsers: Any, contexts: Any, patch: pytest.MonkeyPatch) -> None:
        """Records every context of Playwright's classes Browser and BrowserContext, until `patch` is undone."""
        new_context, close = browsers.new_context, contexts.close

        def recorded(browser: Any, **options: Any) -> Any:
            context = new_context(browser, **options)
            context.tracing.start()
            self._open.append(context)
            return context

        def closed(context: Any, **options: Any) -> None:
            failing = sys.exc_info()[0] is not None  # closed on the way out of a test that fails
            self._stop(context, keep=failing)
            close(context, **options)

        patch.setattr(browsers, "new_context", recorded)
        patch.setattr(contexts, "close", closed)

    def begin(self, test: str) -> None:
        """The test whose traces are kept from here on."""
        self._test, self._kept = re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/"))[-120:], []

    def keep(self) -> list[Path]:
        """Keeps those of all contexts that are still open; the files of this test."""
        for context in list(self._open):
            self._stop(context, keep=True)
        return self._kept

    def _stop(self, context: Any, *, keep: bool) -> None:
        if context not in self._open:
            return
        self._open.remove(context)
        if not keep:
            context.tracing.stop()
            return
        path = self._folder / f"{self._test}-{len(self._kept)}.zip"
        for number, page in enumerate(context.pages):
            with suppress(Error):  # a page that crashed has no picture
                page.screenshot(path=path.with_name(f"{path.stem}-page-{number}.png"), timeout=5_000)
        context.tracing.stop(path=path)
        self._kept.append(path)


class TracesOfFailures:
    """The plugin: `traces` are filled once there is a browser."""

    def __init__(self) -> None:
        self.traces = Traces()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.traces.begin(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        report = yield
        if report.failed and item.get_closest_marker("browser"):
            for path in self.traces.keep():
                report.sections.append(("trace", f".venv/bin/python -m playwright show-trace {path}"))
        return report
