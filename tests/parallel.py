"""Which tests run beside each other (pytest-xdist, `make test`), and in which order the workers take them.

A lane is what one worker runs in one go: a file, or a single test where each brings its own processes. What needs a
running stack shares two lanes, so that there are two stacks at most; there, streams run in real time, and a worker that
waits for one leaves its core to the others. The longest lanes come first.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

FIRST = ("brands", "brands_page", "browser_upload", "front", "overlay", "path", "reports")
STACKS = {"tests/chaos": 1, "tests/e2e": 2, **{f"tests/e2e/test_{name}.py": 1 for name in FIRST}}
"""The lane of files, or else of folders, that need a running stack. The two take about as long."""
APART = ("tests/e2e/test_cloud.py",)
"""Files that bring a stack of their own."""
SINGLY = ("tests/bench", "tests/eval", "tests/fuzz")
"""Folders each of whose tests is a lane."""
ORDER = ("chaos", "e2e", "fuzz", "bench", "eval", "web", "contract", "unit", "images")


def lane(nodeid: str) -> str:
    """The lane of a test."""
    path = nodeid.partition("::")[0]
    folder = "/".join(path.split("/")[:2])
    if path in APART:
        return path
    if (stack := STACKS.get(path, STACKS.get(folder))) is not None:
        return f"stack {stack}"
    return nodeid if folder in SINGLY else path


class Lanes(LoadScopeScheduling):
    """A worker that is done with its lane takes the next one."""

    def _split_scope(self, nodeid: str) -> str:
        return lane(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # a lane with few tests may take longest
    return Lanes(config, log)
