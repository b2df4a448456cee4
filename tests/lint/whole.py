"""Checks of a whole run of tests, in however many processes it ran (pytest-xdist): each process hands in what it saw.

An index that no query of the run needed fails it, and so does a process that handed in nothing. What was written more
than once a second is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from emulator.emulators.firestore.indexes import Declared
from emulator.rates import Excess

from . import rates
from .queries import Queries

ROOT = Path(__file__).parents[2]
INDEXES = ROOT / "infra" / "firestore.indexes.json"
EVERYTHING = ("", "not images")
"""Expressions of markers that leave all tests in, but those of `make images`."""
_OUTPUT = "tests.lint"
_SHOWN = 30
_OVER = {"objects": "Cloud Storage refuses", "documents": "Firestore delays, or fails by contention"}


class Whole:
    """What the processes of a run have handed in."""

    def __init__(self, declared: Declared) -> None:
        self.queries = Queries(Path(), declared)
        self.objects: list[Excess] = []
        self.documents: list[Excess] = []
        self.silent: list[str] = []
        """Processes that ended without handing in anything."""
        self.late: list[str] = []
        """Indexes that are not declared, needed after a process's last test."""

    def take(self, process: str, handed_in: Mapping[str, Any] | None) -> None:
        """What `own` of another process returned."""
        if handed_in is None:
            self.silent.append(process)
            return
        self.queries.take(handed_in["queries"], handed_in["pages"])
        self.late += handed_in["late"]
        self.objects += [Excess(**one) for one in handed_in["objects"]]
        self.documents += [Excess(**one) for one in handed_in["documents"]]

    def faults(self, complete: bool) -> list[str]:
        """What is wrong with the run. `complete`: all tests ran, and passed."""
        found = [f"{process} ended without handing in what it saw" for process in self.silent]
        found += [f"infra/firestore.indexes.json lacks {one}" for one in self.late]
        if complete and self.queries.pages and (unused := self.queries.unused()):
            found.append("no query of the whole run needs these indexes:\n  " + "\n  ".join(unused))
        return found


def own(queries: Queries | None, late: list[str]) -> dict[str, Any]:
    """What this process saw, as JSON."""
    documents = rates.documents(queries.folder) if queries else []
    return {
        "queries": sorted(queries.seen) if queries else [],
        "pages": queries is not None and queries.pages,
        "late": late,
        "objects": [asdict(one) for one in rates.report()],
        "documents": [asdict(one) for one in documents],
    }


def all_tests(config: pytest.Config) -> bool:
    """Whether nothing was chosen from among the tests, those of `make images` apart."""
    chosen = (config.option.keyword, config.option.deselect, config.option.ignore)
    everything = config.option.markexpr in EVERYTHING
    return everything and not any(chosen) and list(config.args) == list(config.getini("testpaths"))


class WholeRun:
    """The plugin: hands in what this process saw, or, in the process that the others answer to, judges."""

    queries: Queries | None = None
    """Of this process, once a test ran in it."""

    def __init__(self) -> None:
        self.whole = Whole(Declared.read(INDEXES))
        self.late: list[str] = []
        """Of `queries`, after the last test."""
        self.found: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """A worker has ended. One that crashed has failed a test by that."""
        if not error:
            self.whole.take(node.gateway.id, getattr(node, "workeroutput", {}).get(_OUTPUT))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        config = session.config
        if hasattr(config, "workeroutput"):
            config.workeroutput[_OUTPUT] = own(self.queries, self.late)  # type: ignore[attr-defined]
            return
        if not config.getoption("numprocesses", None):
            self.whole.take("this process", own(self.queries, self.late))
        self.found = self.whole.faults(all_tests(config) and not session.testsfailed)
        if self.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for fault in self.found:
            terminalreporter.section("the run as a whole failed", red=True)
            terminalreporter.line(fault)
        for kind, excess in (("objects", self.whole.objects), ("documents", self.whole.documents)):
            if excess:
                terminalreporter.section(f"{kind} written more than once a second, which {_OVER[kind]}")
            for one in sorted(excess, key=lambda one: (-one.over, one.name))[:_SHOWN]:
                terminalreporter.line(f"{one.name}: {one.over} of {one.writes} writes came too soon")
            if len(excess) > _SHOWN:
                terminalreporter.line(f"and {len(excess) - _SHOWN} more {kind}")
