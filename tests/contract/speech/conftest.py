from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.cloud import speech_v2
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcTransport
from grpc_health.v1 import health_pb2, health_pb2_grpc

ROOT = Path(__file__).parents[3]


@dataclass
class Emulator:
    """A running emulator."""

    address: str
    process: subprocess.Popen[bytes]


def start(port: int = 0) -> Emulator:
    """The emulator as the stack runs it, ready. Port 0: the system's choice, read from the log."""
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("local-emulator", "functions"))
    command = [sys.executable, "-m", "emulator.speech", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": roots}, stderr=subprocess.PIPE)
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    assert "serving on" in line, line
    threading.Thread(target=process.stderr.read, daemon=True).start()  # so that the pipe never fills
    address = line.rsplit(" ", 1)[1].strip()
    with grpc.insecure_channel(address) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    return Emulator(address, process)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    running = start()
    yield running
    running.process.terminate()
    assert running.process.wait(10) == 0


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[speech_v2.SpeechClient]:
    with grpc.insecure_channel(emulator.address) as channel:
        yield speech_v2.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
