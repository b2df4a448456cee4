"""Notes which queries this process issues, a line of JSON for each shape: {"query", "aggregations"} without values.
Every write of a document is noted in a file beside it, as {"document", "at"}, its path and seconds since 1970.
Apart from that, `tell` sends the path of each document that is written to the console of a local stack, which counts.

Python's standard library alone, and no imports of ours: a workload's process, which has only its own files, runs it
through `hook/sitecustomize.py`. Google's client is patched when it is imported, so that a process that never asks
Firestore pays nothing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

VARIABLE = "FIRESTORE_JOURNAL"
"""Names the folder into which each process writes `{process id}.jsonl` and `{process id}.writes`."""
WRITES = ".writes"
CONSOLE = "FIRESTORE_WRITES"
"""Names the UDP address (host:port) to which each process sends the paths of the documents that it writes."""
TOGETHER = 50
"""Paths in one datagram, a line each: bytes enough for the longest of ours, fewer than a datagram may have."""

_CLIENT = "google.cloud.firestore_v1.services.firestore.client"
_VALUES = {"value", "startAt", "endAt", "limit", "offset", "select"}  # what no index depends on


def shape(query: Any) -> Any:
    """A StructuredQuery (JSON) without what no index depends on."""
    if isinstance(query, dict):
        return {name: shape(value) for name, value in query.items() if name not in _VALUES}
    return [shape(one) for one in query] if isinstance(query, list) else query


def install(folder: Path, wanted: Callable[[], bool] = lambda: True) -> None:
    """Notes every query from now on for which `wanted`, asked where the query is issued, says so."""
    folder.mkdir(parents=True, exist_ok=True)
    noted, lock = set[str](), threading.Lock()

    def note(query: Any, aggregations: Any) -> None:
        line = json.dumps({"query": shape(query), "aggregations": aggregations}, sort_keys=True)
        with lock:
            if line in noted or not wanted():
                return
            noted.add(line)
            with (folder / f"{os.getpid()}.jsonl").open("a") as file:
                file.write(line + "\n")

    def note_writes(writes: Any) -> None:
        at = time.time()
        if not wanted():
            return
        lines = [json.dumps({"document": _document(write), "at": at}) + "\n" for write in writes]
        with lock, (folder / f"{os.getpid()}{WRITES}").open("a") as file:
            file.writelines(lines)

    def patch(client: Any) -> None:
        _patch(client, note)
        _patch_writes(client, note_writes)

    once_imported(patch)


def tell(address: str) -> None:
    """Sends the path of each document that is written from now on to `address`. What does not arrive is lost."""
    host, _, port = address.rpartition(":")

    def patch(client: Any) -> None:
        import socket

        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.setblocking(False)

        def send(writes: Sequence[Any]) -> None:
            with suppress(Exception):  # a count for the console is never worth a workload's write
                paths = [_document(write) for write in writes]
                for start in range(0, len(paths), TOGETHER):
                    sender.sendto("\n".join(paths[start : start + TOGETHER]).encode(), (host, int(port)))

        _patch_writes(client, send)

    once_imported(patch)


def once_imported(patch: Callable[[Any], None]) -> None:
    """Patches Google's client, now or when it is imported."""
    if _CLIENT in sys.modules:
        patch(sys.modules[_CLIENT].FirestoreClient)
    else:
        sys.meta_path.insert(0, _Finder(patch))


def _patch_writes(client: Any, note: Callable[[Any], None]) -> None:
    commit, batch_write = client.commit, client.batch_write

    def noting_commit(self: Any, request: Any = None, **options: Any) -> Any:
        note(_field(request, "writes") or ())
        return commit(self, request, **options)

    def noting_batch(self: Any, request: Any = None, **options: Any) -> Any:
        note(_field(request, "writes") or ())
        return batch_write(self, request, **options)

    client.commit, client.batch_write = noting_commit, noting_batch


def _document(write: Any) -> str:
    """The path of the document that a Write changes, below the database."""
    name = write.update.name or write.delete or write.transform.document
    return str(name).partition("/documents/")[2]


def _patch(client: Any, note: Callable[[Any, Any], None]) -> None:
    run_query, run_aggregation_query = client.run_query, client.run_aggregation_query

    def noting_query(self: Any, request: Any = None, **options: Any) -> Any:
        note(_json(_field(request, "structured_query")), [])
        return run_query(self, request, **options)

    def noting_aggregation(self: Any, request: Any = None, **options: Any) -> Any:
        asked = _json(_field(request, "structured_aggregation_query"))
        added = [{kind: one[kind] for kind in ("sum", "avg", "count") if kind in one} for one in asked["aggregations"]]
        note(asked["structuredQuery"], added)
        return run_aggregation_query(self, request, **options)

    client.run_query, client.run_aggregation_query = noting_query, noting_aggregation


def _field(request: Any, name: str) -> Any:
    return request[name] if isinstance(request, dict) else getattr(request, name)


def _json(message: Any) -> Any:
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(getattr(message, "_pb", message))


class _Finder:
    """Patches the client once it is imported."""

    def __init__(self, patch: Callable[[Any], None]) -> None:
        self._patch = patch

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """None for every module but the client's."""
        if fullname != _CLIENT:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def then_patch(module: Any) -> None:
            execute(module)
            self._patch(module.FirestoreClient)

        spec.loader.exec_module = then_patch
        return spec
