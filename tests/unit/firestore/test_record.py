"""Which queries are noted, and what becomes of one that no declared index serves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.lint.queries import Queries
from tests.lint.rates import documents
from tests.wait import until

from emulator.emulators.firestore import record
from emulator.emulators.firestore.indexes import Declared
from emulator.rates import Excess
from emulator.stack.console.documents import DocumentWrites

ROOT = Path(__file__).parents[3]
HOOK = ROOT / "local-emulator" / "emulator" / "emulators" / "firestore" / "hook"
TWO_SUMS = """
import sys
from google.auth.credentials import AnonymousCredentials
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.cloud import firestore
from google.cloud.firestore import FieldFilter
rows = firestore.Client(project="p", credentials=AnonymousCredentials()).collection("a/b/rows")
for asked in (rows.where(filter=FieldFilter("n", "==", int(sys.argv[1]))), rows.count().sum("x").sum("y")):
    try:
        list(asked.stream(retry=None, timeout=0.05))
    except (GoogleAPICallError, RetryError):
        pass
"""

FOUR_WRITES = """
from google.auth.credentials import AnonymousCredentials
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.cloud import firestore
TRY = {'retry': None, 'timeout': 0.05}
db = firestore.Client(project="p", credentials=AnonymousCredentials())
batch = db.batch()
batch.set(db.document("streams/a"), {"n": 1})
batch.delete(db.document("streams/b"))
for write in (batch.commit, *(lambda: db.document("streams/a").set({"n": 2}, **TRY) for _ in range(3))):
    try:
        write(**(TRY if write == batch.commit else {}))
    except (GoogleAPICallError, RetryError):
        pass
print("done", end="")
"""


@pytest.fixture
def noted(tmp_path: Path) -> Queries:
    """What two processes note that run as workloads do, and ask the same of no Firestore that answers."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HOOK),
        record.VARIABLE: str(tmp_path),
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
    }
    for value in "12":
        subprocess.run([sys.executable, "-c", TWO_SUMS, value], env=environment, check=True, cwd=tmp_path)
    return Queries(tmp_path, Declared.read(ROOT / "infra" / "firestore.indexes.json"))


def test_what_another_process_asks_is_judged_once_without_its_values(noted: Queries, tmp_path: Path) -> None:
    [fault] = noted.faults()
    assert fault.startswith("COLLECTION rows (x ASCENDING, y ASCENDING)")
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
    assert len(noted.seen) == 2
    assert "integerValue" not in "".join(noted.seen)
    assert noted.faults() == []


def write_four(folder: Path, **variables: str) -> str:
    """Writes streams/a four times and streams/b once, as a workload does, to no Firestore that answers."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HOOK),
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
        **variables,
    }
    command = [sys.executable, "-c", FOUR_WRITES]
    return subprocess.run(command, env=environment, check=True, cwd=folder, capture_output=True, text=True).stdout


def test_what_another_process_writes_is_counted_by_document(tmp_path: Path) -> None:
    write_four(tmp_path, **{record.VARIABLE: str(tmp_path)})
    assert documents(tmp_path) == [Excess("streams/a", 4, 2)]


def test_what_another_process_writes_is_told_to_the_console_without_a_file(tmp_path: Path) -> None:
    writes = DocumentWrites()
    writes.start()
    write_four(tmp_path, **{record.CONSOLE: writes.address})
    until(lambda: writes.over() == [Excess("streams/a", 4, 2)], 60, "four writes")
    writes.stop()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("console", ["127.0.0.1:1", "no address"])
def test_a_console_that_is_not_there_costs_a_workload_nothing(tmp_path: Path, console: str) -> None:
    assert write_four(tmp_path, **{record.CONSOLE: console}) == "done"


def test_what_a_page_listens_to_is_judged(tmp_path: Path) -> None:
    found = Queries(tmp_path, Declared.read(ROOT / "infra" / "firestore.indexes.json"))
    listen = """{"addTarget": {"targetId": 2, "query": {"parent": "p", "structuredQuery": {
        "from": [{"collectionId": "frames", "allDescendants": true}],
        "where": {"compositeFilter": {"op": "AND", "filters": [
            {"fieldFilter": {"field": {"fieldPath": "tenant"}, "op": "EQUAL", "value": {}}},
            {"fieldFilter": {"field": {"fieldPath": "seen"}, "op": "ARRAY_CONTAINS", "value": {}}}]}},
        "orderBy": [{"field": {"fieldPath": "%s"}, "direction": "DESCENDING"}]}}}}"""
    address = "http://localhost:1/google.firestore.v1.Firestore/Listen/channel?VER=8"
    for field in ("program_date_time", "media_time"):
        post = urlencode({"count": 1, "ofs": 0, "req0___data__": listen % field})
        found.of_page(SimpleNamespace(url=address, post_data=post))
    [fault] = found.faults()
    assert fault.startswith("COLLECTION_GROUP frames (seen CONTAINS, tenant ASCENDING, media_time DESCENDING)")
    unused = found.unused()
    assert "COLLECTION_GROUP imports (state ASCENDING, updated ASCENDING)" in unused
    assert not [entry for entry in unused if "(tenant ASCENDING, seen CONTAINS, program_date_time DESCENDING)" in entry]


def test_a_test_that_asks_by_itself_is_not_the_product(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.lint import queries

    assert not queries.of_product()
    monkeypatch.setattr(queries, "_PRODUCT", (str(Path(__file__).parent),))
    assert queries.of_product()


def test_a_query_of_the_product_that_lacks_its_index_is_found(
    queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import firestore

    from pipeline.documents import streams

    class Asked(Exception):
        pass

    def ask(*_: Any, **__: Any) -> Any:
        raise Asked

    client = firestore.Client(project="p", credentials=AnonymousCredentials())
    monkeypatch.setattr(streams, "firestore_client", lambda: client.collection("a").document("b"))
    monkeypatch.setattr(type(client._firestore_api.transport), "run_query", property(ask))
    with pytest.raises(Asked):
        streams.list_all()
    queries.faults()
    assert [line for line in queries.seen if '"streams"' in line and '"__name__"' in line]
