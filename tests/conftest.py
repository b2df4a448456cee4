"""What tests share: one running stack, the sample clip, a browser."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import parallel
from tests.lint.plugin import journals, playlists_keep_the_rules
from tests.lint.queries import Queries, queries, queries_have_indexes
from tests.lint.whole import WholeRun
from tests.parallel import pytest_xdist_make_scheduler
from tests.traces import TracesOfFailures

__all__ = ["journals", "playlists_keep_the_rules", "pytest_xdist_make_scheduler", "queries", "queries_have_indexes"]
# The same examples each time, however slow the machine is; tests/fuzz looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")
ROOT = Path(__file__).parent.parent
MEDIA = ROOT / ".local" / "media"
# Chromium as Debian packages it; its background traffic would only be refused.
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
        *(
            "--disable-background-networking",
            "--disable-component-update",
            "--autoplay-policy=no-user-gesture-required",
        ),
    ],
}
# The same Blink, V8 and decoders without the windows around them, which cost half a second of CPU for each page.
HEADLESS = {**CHROMIUM, "executable_path": "/usr/bin/chromium-headless-shell"}
RUNNING = pytest.StashKey[ExitStack]()
"""Stops the stack, if it is up."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(WholeRun(), "whole run")
    config.pluginmanager.register(TracesOfFailures(), "traces")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Quick ones first, those in a browser last; where workers share them, those that take longest first."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "stack" in fixtures and parallel.lane(item.nodeid) != parallel.STACKS_LANE:
            raise pytest.UsageError(f"{item.nodeid} needs a running stack: expected it in {parallel.STACK}")

    def rank(item: pytest.Item) -> tuple[bool, int]:
        folder = parallel.ORDER.index(item.path.relative_to(ROOT / "tests").parts[0])
        browser = item.get_closest_marker("browser") is not None
        return (False, folder) if hasattr(config, "workerinput") else (browser, -folder)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules they import stay to the end: garbage is looked for among the rest."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    with _without_the_browsers_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    with _without_the_browsers_loop(item):
        return (yield)


@contextmanager
def _without_the_browsers_loop(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves an event loop running in this thread, in which Pulumi refuses to evaluate a program."""
    loop = None if item.get_closest_marker("browser") else asyncio._get_running_loop()
    if loop:
        asyncio._set_running_loop(None)
    try:
        yield
    finally:
        if loop:
            asyncio._set_running_loop(loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Where workers share the tests, the stack is stopped at the end of its lane."""
    yield
    shared = hasattr(item.config, "workerinput")
    if shared and nextitem and parallel.lane(nextitem.nodeid) != parallel.STACKS_LANE and RUNNING in item.config.stash:
        item.config.stash[RUNNING].close()


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The whole system on this machine, brought up once per test run; its addresses are in the environment too. The
    people of the demonstration are its members.

    Its logs and data stay when a test failed.
    """
    with ExitStack() as running:
        request.config.stash[RUNNING] = running
        yield running.enter_context(_stack(request.session))


@contextmanager
def _stack(session: pytest.Session) -> Iterator[Any]:
    from emulator.paths import stack_paths
    from emulator.sample import people, streams
    from emulator.stack import control as stacks
    from pipeline.cloud import clients

    name = f"test-{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("LOCAL_CLIP", "LOCAL_OWL"):  # tiny models; a service that is called by one test starts for it
            patch.setenv(variable, "1")
        endpoints = stacks.start(name, instances=2)  # no state may live in one process
    try:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in endpoints.env().items():
                patch.setenv(variable, value)
            clients.forget()
            people.invite(streams.api(endpoints))
            yield endpoints
    finally:
        clients.forget()
        stacks.stop(name)
        if not session.testsfailed:
            shutil.rmtree(stack_paths(name).base)


@pytest.fixture(scope="session")
def clip() -> Path:
    """The sample clip; `make test` makes it at set-up."""
    assert (MEDIA / "sample.mp4").exists(), "make it: python -m emulator.sample.media --out .local/media"
    return MEDIA / "sample.mp4"


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What is where in the sample clip."""
    return json.loads((MEDIA / "sample.truth.json").read_text())


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest, queries: Queries) -> Iterator[Any]:
    """Headless Chromium; what its pages ask of Firestore is noted, and a test that fails leaves a trace.

    What a page is to show may take a busy machine long: the limit only ends a hang.
    """
    from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

    plugin: Any = request.config.pluginmanager.get_plugin("traces")

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        queries.watch(Browser, patch)
        plugin.traces.watch(Browser, BrowserContext, patch)
        chromium = playwright.chromium.launch(**HEADLESS)
        yield chromium
        chromium.close()
