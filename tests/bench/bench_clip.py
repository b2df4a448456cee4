"""The CLIP service: JPEG in, boxes out, beside the model alone on the same crops; and its memory, call after call.

CLIP_BENCH_CALLS: how many calls (default 200). CLIP_MODEL: another than the tiny one. A GPU is used if there is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import psutil
import requests

from clip.model import Model
from clip.proposals import cut, propose
from emulator.processes.ready import http_answers
from emulator.sample.media.marks import CATALOG
from tests.bench.helpers.sized import sized
from tests.contract.clip.conftest import TINY, jpeg
from tests.contract.functions.servers import ROOT
from tests.eval.pictures import footage
from tests.servers import await_ready, free_port

CALLS = int(os.environ.get("CLIP_BENCH_CALLS") or sized(200, 8))
MODEL = os.environ.get("CLIP_MODEL", str(TINY))
SENDERS = 4
PASSES = sized(8, 1)
BRANDS = [{"id": mark.brand, "name": mark.name} for mark in CATALOG]


def rows() -> Iterator[dict[str, object]]:
    frames = [cv2.resize(f, (1280, 720)) for i, f in enumerate(footage("bikes.mp4")) if i % 25 == 0]
    rate, memory = _served(frames)
    own = _model(frames)
    yield {
        "bench": f"clip: {Path(MODEL).name}, 720p JPEG to boxes",
        "ours": rate,
        "other": own,
        "other_name": "the model alone, same crops in batches of 256",
        "unit": "images/s",
    }
    yield {
        "bench": f"clip: memory after {CALLS} calls",
        "ours": memory[1],
        "other": memory[0],
        "other_name": f"after the first {CALLS // 4}",
        "unit": "MB",
    }


def _served(frames: list[np.ndarray]) -> tuple[float, tuple[float, float]]:
    """Images a second with SENDERS at once, and the process' memory after a quarter of the calls and after all."""
    port = free_port()
    bodies = [{"images": [jpeg(frame)], "brands": BRANDS, "threshold": 0.5} for frame in frames]
    variables = {"CLIP_MODEL": MODEL, "PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING"}
    os.environ.update(variables | {"PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'runner'}"})
    command = [sys.executable, "-m", "gunicorn", "--config", "clip/gunicorn.conf.py", "clip.app:create_app()"]
    with subprocess.Popen(command, cwd=ROOT / "runner") as server, ThreadPoolExecutor(SENDERS) as pool:
        url = f"http://127.0.0.1:{port}"
        await_ready(server, http_answers(port, "/health", below=400), seconds=180)  # once the model is loaded

        def call(number: int) -> None:
            answer = requests.post(f"{url}/v1/detect", json=bodies[number % len(bodies)], timeout=60)
            answer.raise_for_status()

        list(pool.map(call, range(CALLS // 4)))
        before, began = _memory(server.pid), time.monotonic()
        list(pool.map(call, range(CALLS - CALLS // 4)))
        seconds = time.monotonic() - began
        after = _memory(server.pid)
        server.terminate()
        return (CALLS - CALLS // 4) / seconds, (before, after)


def _memory(pid: int) -> float:
    parent = psutil.Process(pid)
    return sum(each.memory_info().rss for each in [parent, *parent.children(recursive=True)]) / 1e6


def _model(frames: list[np.ndarray]) -> float:
    """Images a second that the model would do were everything else free: the best of PASSES, as the first are slow."""
    model = Model(MODEL)
    crops = [cut(frame, propose(frame, 64).squares, model.side) for frame in frames]
    everything = np.concatenate(crops)
    return len(frames) / min(_seconds(model, everything) for _ in range(PASSES))


def _seconds(model: Model, crops: np.ndarray) -> float:
    began = time.monotonic()
    for first in range(0, len(crops), 256):
        model.embed_images(crops[first : first + 256])
    return time.monotonic() - began
