"""Many live 720p streams at once through the whole local stack: what is lost, how late results are, what it costs.

BENCH_STREAMS (20), BENCH_SECONDS (30; 300 for the record), BENCH_KINDS (logo; the emulator's matcher takes 170 ms of a
core per frame), BENCH_INSTANCES (1; of each service and function) and BENCH_SCENE say how much. The scene is `still`, a
camera that stands still and whose noise the gate sees through, or `sample`, the sample clip, which moves: two cores
cannot keep up with twenty of those, so what waits is counted. All must be sampled in the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulator.declaration.endpoints import Endpoints
from emulator.paths import MEDIA
from emulator.sample import streams
from tests.bench.helpers import stacks
from tests.bench.helpers.sized import sized
from tests.bench.helpers.usage import Usage
from tests.bench.helpers.witness import Witness

_STREAMS, _SECONDS = sized((20, 30), (2, 4))
_PATIENCE = 60.0  # seconds without any progress after which what is missing counts as lost


def rows() -> Iterator[dict[str, object]]:
    """Segments lost, latency, backlog, and CPU and memory by group of processes."""
    count, seconds = int(os.environ.get("BENCH_STREAMS") or _STREAMS), int(os.environ.get("BENCH_SECONDS") or _SECONDS)
    kinds = [kind for kind in os.environ.get("BENCH_KINDS", "logo").split(",") if kind]
    instances = int(os.environ.get("BENCH_INSTANCES") or 1)
    with tempfile.TemporaryDirectory() as folder, stacks.running("bench-live", instances) as (name, endpoints):
        clip = _clip(Path(folder), seconds)
        yield from _measured(name, endpoints, clip, seconds, count, kinds)


def _measured(
    name: str, endpoints: Endpoints, clip: Path, seconds: int, count: int, kinds: list[str]
) -> Iterator[dict[str, object]]:
    urls = [_address(endpoints, number, kinds) for number in range(count)]
    witness, usage = Witness(), Usage(name)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.helpers.feeder", str(clip), str(seconds), *urls], stdout=subprocess.PIPE
    ) as feeder:
        while feeder.poll() is None:
            usage.look()
            witness.look()
            time.sleep(1)
        assert feeder.stdout
        told = json.loads(feeder.stdout.read())
    drained = witness.drain(_PATIENCE, usage.look)
    what = f"{count} live × {seconds} s, {_scene()}, {'+'.join(kinds)}"
    yield _row(f"{what}: senders refused", len(told["faults"]), 0, "limit", "")
    yield _row(f"{what}: segments stored", witness.stored, count * seconds / 2, "at 2 s each", "")
    yield _row(f"{what}: segments lost", witness.lost, 0, "limit", "")
    yield _row(f"{what}: finalised → first result, p50", witness.latency(0.5), 1.0, "wanted", "s")
    yield _row(f"{what}: finalised → first result, p95", witness.latency(0.95), 1.0, "wanted", "s")
    yield _row(f"{what}: segments that waited, at most", witness.most_waiting, count, "one of each stream", "")
    yield _row(f"{what}: drained after the last byte", drained, _PATIENCE, "limit", "s")
    for group, (cpu, memory) in usage.groups().items():
        yield _row(f"{what}: {group}", cpu, usage.cores, "cores there are", "cores")
        yield _row(f"{what}: {group}", memory, usage.memory, "MB there are", "MB")


def _scene() -> str:
    return os.environ.get("BENCH_SCENE") or "still"


def _clip(folder: Path, seconds: int) -> Path:
    """One transport stream of that length, its clock rising all the way."""
    scene, clip = MEDIA / "sample.mp4", folder / "clip.ts"
    if _scene() == "still":
        scene = folder / "still.mp4"
        noisy = ["-vf", "loop=-1:1:0,setpts=N/25/TB,noise=alls=8:allf=t", "-t", "10", "-r", "25", "-g", "50"]
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "4M", "-c:a", "aac"]
        subprocess.run(
            ["ffmpeg", "-v", "error", "-ss", "3", "-i", MEDIA / "sample.mp4", *noisy, *coded, scene], check=True
        )
    command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", scene, "-t", str(seconds), "-c", "copy", clip]
    subprocess.run(command, check=True)
    return clip


def _address(endpoints: Endpoints, number: int, kinds: list[str]) -> str:
    stream = f"bench-{number:02}"
    key = streams.create(endpoints, stream, stream)
    settings: dict[str, Any] = {"kinds": kinds}
    streams.ask(endpoints, "PATCH", f"/streams/{stream}", {"settings": settings})
    return streams.address(endpoints, stream).replace("://", f"://{key}@")


def _row(bench: str, ours: float, other: float, name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": ours, "other": other, "other_name": name, "unit": unit}
