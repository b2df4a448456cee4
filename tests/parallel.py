"""Which tests run beside each other (pytest-xdist, `make test`), and in which order the workers take them.

A lane is what one worker runs in one go: a file, a folder whose files share what takes seconds to start, or a single
test where each brings its own processes. What needs a running stack is one lane: there, streams run in real time, and
two stacks on two cores would fall behind. It comes first, for it takes longest. At its end the stack is stopped: at
rest it would take a tenth of a core from the others.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

STACK = ("tests/chaos", "tests/e2e", "tests/web/stack")
"""The folders of what needs a running stack."""
STACKS_LANE = "stack"
TOGETHER = (
    *("tests/contract/clip", "tests/contract/functions", "tests/contract/ingest", "tests/contract/speech"),
    *("tests/contract/vision", "tests/unit/clip", "tests/unit/infra"),
)
"""Folders each of which is a lane: a model that is loaded, emulators, the declared graph."""
SINGLY = ("tests/fuzz",)
"""Folders each of whose tests is a lane."""
ORDER = ("chaos", "e2e", "web", "eval", "bench", "fuzz", "contract", "senders", "unit", "images")


def lane(nodeid: str) -> str:
    """The lane of a test."""
    path = nodeid.partition("::")[0]
    for folder in (*STACK, *SINGLY, *TOGETHER):
        if path.startswith(f"{folder}/"):
            return STACKS_LANE if folder in STACK else nodeid if folder in SINGLY else folder
    return path


class Lanes(LoadScopeScheduling):
    """A worker that is done with its lane takes the next one."""

    def _split_scope(self, nodeid: str) -> str:
        return lane(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # a lane with few tests may take longest
    return Lanes(config, log)
