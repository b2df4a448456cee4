"""One of our gRPC emulators as a process, as the stack runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

ROOT = Path(__file__).parents[2]


@dataclass
class Emulator:
    """A running emulator."""

    address: str
    process: subprocess.Popen[bytes]


def start(module: str, *options: str) -> Emulator:
    """`python -m module`, ready, on a port of the system's choice, which is read from the log."""
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("local-emulator", "functions"))
    command = [sys.executable, "-m", module, "--port", "0", *options]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": roots}, stderr=subprocess.PIPE)
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    assert "serving on" in line, line
    threading.Thread(target=process.stderr.read, daemon=True).start()  # so that the pipe never fills
    address = line.rsplit(" ", 1)[1].strip()
    with grpc.insecure_channel(address) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=60)  # pyright: ignore[reportAttributeAccessIssue]
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    return Emulator(address, process)
