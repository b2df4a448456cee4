"""What Cloud Run's front end of the local stack costs: the time that it adds to a request, and CPU for streams."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from emulator.emulators.cloud_run import workload
from emulator.emulators.cloud_run.workload import Workload
from tests.bench.helpers.sized import sized
from tests.servers import await_listening, free_port

ROOT = Path(__file__).parents[2]
_REQUESTS, _STREAMS, _SECONDS = sized((2000, 40, 10), (50, 4, 1))
_RATE, _PIECE = 5_000_000 / 8, 16 << 10  # bytes a second of a stream, and of what a sender writes at a time


def rows() -> Iterator[dict[str, Any]]:
    """Milliseconds of a small request; CPU of streams that are posted, in percent of a core."""
    with _instance() as instance, _front(instance) as (port, process):
        direct, through = [_latency(instance) for _ in range(3)], [_latency(port) for _ in range(3)]
        yield {
            "bench": "front end: a small request, median",
            "ours": min(through),
            "other": min(direct),
            "other_name": "straight to the instance",
            "unit": "ms",
        }
        before, began = process.cpu_times(), time.monotonic()
        asyncio.run(_streams(port))
        after, took = process.cpu_times(), time.monotonic() - began
        used = after.user + after.system - before.user - before.system
        yield {
            "bench": f"front end: CPU, {_STREAMS} streams of 5 Mbit/s",
            "ours": round(100 * used / took, 1),
            "other": 100.0,
            "other_name": "a core",
            "unit": "%",
        }


@contextmanager
def _instance() -> Iterator[int]:
    """Reads whatever comes, and answers at its end, on a thread of its own."""
    loop, ready, port = asyncio.new_event_loop(), threading.Event(), free_port()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"chunked" in head:
            tail = b""
            while not tail.endswith(b"0\r\n\r\n"):
                tail = (tail + await reader.read(1 << 18))[-5:]
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def serve() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", port, limit=1 << 20):
            ready.set()
            await asyncio.Event().wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except RuntimeError:
            return  # stopped

    threading.Thread(target=run, daemon=True).start()
    assert ready.wait(10)
    yield port
    loop.call_soon_threadsafe(loop.stop)


@contextmanager
def _front(instance: int) -> Iterator[tuple[int, psutil.Process]]:
    with tempfile.TemporaryDirectory() as folder:
        port, served = free_port(), Path(folder) / "workloads.json"
        workload.write(served, [Workload("svc", "svc", port, (instance,), 80, 4, 3600, "/")])
        command = [
            sys.executable,
            "-m",
            "emulator.emulators.cloud_run",
            "--workloads",
            str(served),
            "--project",
            "bench",
        ]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "local-emulator")}
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as child:
            try:
                await_listening(child, port)
                yield port, psutil.Process(child.pid)
            finally:
                child.terminate()


def _latency(port: int) -> float:
    """Milliseconds, each request on a connection of its own."""
    import socket

    request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    seconds: list[float] = []
    for _ in range(_REQUESTS // 3):
        began = time.perf_counter()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request)
            while connection.recv(1000):
                continue
        seconds.append(time.perf_counter() - began)
    return round(median(seconds) * 1000, 3)


async def _streams(port: int) -> None:
    await asyncio.gather(*(_stream(port) for _ in range(_STREAMS)))


async def _stream(port: int) -> None:
    """A body in pieces at the rate of a stream, under the 32 MiB that a request may have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    piece, began, sent = bytes(_PIECE), time.monotonic(), 0
    while (elapsed := time.monotonic() - began) < _SECONDS:
        while sent < elapsed * _RATE:
            writer.write(b"%x\r\n" % _PIECE + piece + b"\r\n")
            sent += _PIECE
        await writer.drain()
        await asyncio.sleep(_PIECE / _RATE)
    writer.write(b"0\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 204"), json.dumps({"sent": sent})
    writer.close()
