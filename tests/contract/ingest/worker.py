"""The process that carries the streams of a running ingest, and its memory."""

from __future__ import annotations

from pathlib import Path

import psutil
from tests.contract.ingest.conftest import Service
from tests.wait import until

DECLARED = 1 << 30
"""Bytes, as the deployment declares them."""


def worker_of(service: Service) -> psutil.Process:
    """The process that carries the streams. gunicorn listens before it starts one, and starts another after a crash."""
    [worker] = until(psutil.Process(service.process.pid).children, 60, "a worker")
    return worker


def peak_bytes(process: psutil.Process) -> int:
    """The most memory that it has had."""
    [line] = (line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10
