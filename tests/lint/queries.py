"""No query can be issued unnoticed whose index is not declared: Firestore refuses it, its emulator does not.

The queries of the product are noted as they are issued: in this process where the product's code asks, in the processes
of local stacks, and in the pages that Chromium shows. Each test answers for those that were first seen while it ran, a
run of all tests for the indexes (whole.py).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from emulator.emulators.firestore import record
from emulator.emulators.firestore.indexes import Declared, needed

ROOT = Path(__file__).parents[2]
_PRODUCT = tuple(str(ROOT / folder) + "/" for folder in ("functions", "runner"))
_CHANNEL = "/google.firestore.v1.Firestore/Listen/channel"


class Queries:
    """What was asked of Firestore since the run began. `folder` is where processes note it."""

    def __init__(self, folder: Path, declared: Declared) -> None:
        self.folder = folder
        self.seen: set[str] = set()
        self.pages = False  # whether a page has been looked at: its queries need indexes of their own
        self.used: set[object] = set()
        self._declared = declared
        self._faults: list[str] = []
        self._read: dict[Path, int] = {}

    def add(self, query: Mapping[str, Any], aggregations: list[Any]) -> None:
        """One query (JSON of a StructuredQuery)."""
        line = json.dumps({"query": record.shape(query), "aggregations": aggregations}, sort_keys=True)
        if line in self.seen:
            return
        self.seen.add(line)
        for index in needed(query, aggregations):
            serving = self._declared.serving(index)
            if serving is None:
                self._faults.append(f"{index}\n    for {line}")
            else:
                self.used |= serving

    def faults(self) -> list[str]:
        """The indexes that were needed since the last call and are not declared, each with its query."""
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                for line in file:
                    if line.endswith(b"\n"):
                        self._read[path] = self._read.get(path, 0) + len(line)
                        noted = json.loads(line)
                        self.add(noted["query"], noted["aggregations"])
        found, self._faults = self._faults, []
        return found

    def take(self, seen: Iterable[str], pages: bool) -> None:
        """What another process has seen, whose tests have answered for it."""
        for line in seen:
            noted = json.loads(line)
            self.add(noted["query"], noted["aggregations"])
        self.pages |= pages

    def unused(self) -> list[str]:
        """The indexes that nothing has needed."""
        return self._declared.unused(self.used)

    def of_page(self, request: Any) -> None:
        """Takes the queries out of a request (Playwright's) with which a page begins to listen."""
        if _CHANNEL not in request.url or not request.post_data:
            return
        for name, values in parse_qs(request.post_data).items():
            if name.endswith("___data__"):
                asked = json.loads(values[0]).get("addTarget", {}).get("query", {}).get("structuredQuery")
                if asked:
                    self.pages = True
                    self.add(asked, [])

    def watch(self, browsers: Any, patch: pytest.MonkeyPatch) -> None:
        """Notes the queries of every page of `browsers` (Playwright's class Browser), until `patch` is undone."""
        new_context, new_page = browsers.new_context, browsers.new_page

        def watched_context(browser: Any, **options: Any) -> Any:
            context = new_context(browser, **options)
            context.on("request", self.of_page)
            return context

        def watched_page(browser: Any, **options: Any) -> Any:
            page = new_page(browser, **options)
            page.on("request", self.of_page)
            return page

        patch.setattr(browsers, "new_context", watched_context)
        patch.setattr(browsers, "new_page", watched_page)


def of_product() -> bool:
    """Whether the product's code has made the call that is under way, not a test by itself."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.startswith(_PRODUCT):
            return True
        frame = frame.f_back
    return False


@pytest.fixture(scope="session", autouse=True)
def queries(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queries]:
    """Asks this process, and every stack that is started from here on, to note the queries."""
    folder = tmp_path_factory.mktemp("queries")
    found = Queries(folder, Declared.read(ROOT / "infra" / "firestore.indexes.json"))
    record.install(folder, of_product)
    whole: Any = request.config.pluginmanager.get_plugin("whole run")
    whole.queries = found
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(record.VARIABLE, str(folder))
        yield found
    whole.late = found.faults()


@pytest.fixture(autouse=True)
def queries_have_indexes(queries: Queries) -> Iterator[None]:
    """Fails a test whose queries Firestore would refuse."""
    yield
    if faults := queries.faults():
        pytest.fail("infra/firestore.indexes.json lacks:\n  " + "\n  ".join(faults[:20]), pytrace=False)
