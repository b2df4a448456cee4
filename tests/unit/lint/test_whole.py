"""Checks of a whole run, in however many processes it runs: a fault that one worker saw fails the run of all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.lint.queries import Queries
from tests.lint.whole import INDEXES, Whole, WholeRun, all_tests, own

from emulator.emulators.firestore.indexes import Declared
from emulator.rates import Excess

ROOT = Path(__file__).parents[3]
CONFTEST = """
import pytest
from tests.conftest import journals, playlists_keep_the_rules, queries, queries_have_indexes
from tests.conftest import pytest_xdist_make_scheduler
from tests.lint.whole import WholeRun


def pytest_configure(config):
    config.pluginmanager.register(WholeRun(), "whole run")
"""
QUIET = "def test_{0}():\n    pass\n"
BAD_PLAYLIST = """
from tests.lint.plugin import watched


def test_a_playlist_that_names_what_is_not_stored():
    watched().playlist("playlists/a/b/index.m3u8", "#EXTM3U\\n#EXT-X-TARGETDURATION:2\\n#EXTINF:2.0,\\n0.ts\\n", 0.0)
"""
LOOKED_AT_A_PAGE = """
def test_a_page_that_asks_for_little(queries):
    queries.pages = True
"""
LACKS_AN_INDEX = """
def test_a_query_without_its_index(queries):
    field = {"fieldPath": "b"}
    queries.add({"from": [{"collectionId": "a"}], "orderBy": [{"field": field}, {"field": {"fieldPath": "c"}}]}, [])
"""
SILENT = """
def test_a_worker_that_hands_in_nothing(request):
    manager = request.config.pluginmanager
    manager.unregister(name="whole run")
"""


def run(folder: Path, *tests: str) -> tuple[int, str]:
    """A run of these files by two workers; the exit status, and what was printed."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\ntestpaths = .\n")
    for number, text in enumerate(tests):
        (folder / f"test_{number}.py").write_text(text)
    paths = [str(ROOT), *(str(ROOT / one) for one in ("functions", "runner", "local-emulator", "infra"))]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "--numprocesses", "2", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        command, cwd=folder, env={**variables, "PYTHONPATH": os.pathsep.join(paths)}, capture_output=True, text=True
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_a_run_without_a_fault_passes(tmp_path: Path) -> None:
    status, told = run(tmp_path, QUIET.format("one"), QUIET.format("two"))
    assert (status, "2 passed" in told) == (0, True), told


@pytest.mark.parametrize(
    "faulty",
    [
        {
            BAD_PLAYLIST: "this test stored what breaks the rules of HLS",
            LACKS_AN_INDEX: "infra/firestore.indexes.json lacks",
        },
        {
            LOOKED_AT_A_PAGE: "no query of the whole run needs these indexes",
            SILENT: "ended without handing in what it saw",
        },
    ],
    ids=["of a test", "of the whole"],
)
def test_faults_in_workers_fail_the_run(tmp_path: Path, faulty: dict[str, str]) -> None:
    """Each in a worker of its own; with nothing but one of them, the run fails too (`faults` lists each)."""
    status, told = run(tmp_path, *faulty)
    assert status == 1, told
    for said in faulty.values():
        assert said in told


def test_what_processes_hand_in_is_added_up(tmp_path: Path) -> None:
    declared = Declared.read(INDEXES)
    whole, one, other = Whole(declared), Queries(tmp_path, declared), Queries(tmp_path, declared)
    everything = whole.faults(complete=True)
    assert everything == [], "no page was looked at"
    mine = {"fieldFilter": {"field": {"fieldPath": "tenant"}, "op": "EQUAL"}}
    of_label = {"fieldFilter": {"field": {"fieldPath": "seen"}, "op": "ARRAY_CONTAINS"}}
    seen = {"compositeFilter": {"op": "AND", "filters": [mine, of_label]}}
    order = [{"field": {"fieldPath": "program_date_time"}, "direction": "DESCENDING"}]
    one.add({"from": [{"collectionId": "frames", "allDescendants": True}], "where": seen, "orderBy": order}, [])
    other.pages = True
    for number, queries in enumerate((one, other)):
        handed_in = own(queries, []) | {"documents": [{"name": f"streams/{number}", "writes": 3, "over": 1}]}
        whole.take(f"gw{number}", handed_in)
    [unused] = whole.faults(complete=True)
    assert "(tenant ASCENDING, seen CONTAINS, program_date_time DESCENDING)" not in unused
    assert "COLLECTION_GROUP imports (state ASCENDING, updated ASCENDING)" in unused
    assert whole.faults(complete=False) == []
    assert whole.documents == [Excess("streams/0", 3, 1), Excess("streams/1", 3, 1)]


@pytest.mark.parametrize(
    ("expression", "ignored", "complete"), [("", None, True), ("not images", None, True), ("stack", None, False)]
)
def test_a_run_of_all_tests_is_known_by_what_was_asked_for(expression: str, ignored: object, complete: bool) -> None:
    option = SimpleNamespace(keyword="", markexpr=expression, deselect=None, ignore=ignored)
    config = SimpleNamespace(option=option, args=["tests"], getini=lambda _: ["tests"])
    assert all_tests(config) is complete  # type: ignore[arg-type]


def test_a_worker_that_crashed_is_not_silent() -> None:
    run = WholeRun()
    run.pytest_testnodedown(SimpleNamespace(gateway=SimpleNamespace(id="gw0")), "Not properly terminated")
    assert run.whole.faults(complete=False) == []
