"""What 1, 10 and 40 live streams of 5 Mbit/s cost ingest, beside nginx-rtmp's own HLS of the same and a bare PyAV copy.

CPU of the one process that carries the streams, received over loopback in real time: HTTP and uploads to the emulated
bucket for ours, RTMP and files for nginx (C, and no copy leaves its machine). BENCH_SECONDS says how long (30).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from tests.bench import bench_ingest
from tests.bench.helpers import servers
from tests.bench.helpers.sized import sized

_COUNTS, _SECONDS = sized(((1, 10, 40), 30), ((1,), 3))
_SETTLE = 1.5  # seconds until the last segments and playlists are written


def rows() -> Iterator[dict[str, object]]:
    """ms of CPU per second of one stream, and MB of memory per stream at the end."""
    seconds = int(os.environ.get("BENCH_SECONDS") or _SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        whole, clip = Path(folder) / "whole.ts", Path(folder) / "clip.ts"
        bench_ingest.make_clip(whole)
        cut = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", whole, "-t", str(seconds), "-c", "copy", clip]
        subprocess.run(cut, check=True)
        data = whole.read_bytes()
        bare = bench_ingest.cpu(lambda: bench_ingest.bare(data))
        for count in _COUNTS:
            with servers.ingest(max(_COUNTS)) as (worker, address):
                _fed(worker, address, clip, 2, 1)  # warm
                ours, grown = _fed(worker, address, clip, seconds, count)
            name = f"ingest of {count} × 5 Mbit/s live: CPU per stream"
            yield _row(name, ours, bare, "bare PyAV copy in memory", "ms/s")
            with servers.nginx() as found:
                if found:
                    theirs, their_memory = _fed(*found, clip, seconds, count)
                    yield _row(name, ours, theirs, "nginx-rtmp with HLS", "ms/s")
                    yield _row(f"ingest of {count} streams: memory per stream", grown, their_memory, "nginx-rtmp", "MB")


def _fed(
    worker: psutil.Process, address: Callable[[], str], clip: Path, seconds: int, count: int
) -> tuple[float, float]:
    """Feeds `count` streams; the worker's CPU (ms per media second of one) and memory (MB that each added, at most)."""
    urls = [address() for _ in range(count)]
    command = [sys.executable, "-m", "tests.bench.helpers.feeder", str(clip), str(seconds), *urls]
    before, memory = worker.cpu_times(), worker.memory_info().rss
    with subprocess.Popen(command, stdout=subprocess.PIPE) as feeder:
        most = memory
        while feeder.poll() is None:
            most = max(most, worker.memory_info().rss)
            time.sleep(0.2)
        assert feeder.stdout
        told = json.loads(feeder.stdout.read())
    assert not told["faults"], told["faults"][:3]
    time.sleep(_SETTLE)
    after = worker.cpu_times()
    used = after.user + after.system - before.user - before.system
    return used * 1000 / seconds / count, (most - memory) / count / 1e6


def _row(bench: str, ours: float, other: float, name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": ours, "other": other, "other_name": name, "unit": unit}
