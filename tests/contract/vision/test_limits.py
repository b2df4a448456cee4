"""Quota and latency, set while the emulator runs and when it starts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import grpc
import numpy as np
import pytest
from google.api_core import exceptions
from google.cloud import vision
from tests.contract.serving import Emulator
from tests.contract.vision.pictures import PROPERTIES, encoded, request

from emulator.emulators.vision.admin import set_limits

Client = vision.ImageAnnotatorClient
PICTURE = request(encoded(np.full((9, 16, 3), 90, np.uint8)), PROPERTIES)


@pytest.fixture(autouse=True)
def unlimited(emulator: Emulator) -> Iterator[None]:
    yield
    set_limits(emulator.address, {"latency": 0, "quota": None})


def ask(client: Client, timeout: float = 60) -> None:
    client.batch_annotate_images(requests=[PICTURE], retry=None, timeout=timeout)


def test_beyond_the_quota_a_call_is_refused_for_now_until_it_is_lifted(client: Client, emulator: Emulator) -> None:
    assert set_limits(emulator.address, {"quota": 2}) == {"latency": 0, "quota": 2}
    ask(client)
    ask(client)
    with pytest.raises(exceptions.ResourceExhausted, match="Quota exceeded for quota metric 'Requests'"):
        ask(client)
    assert set_limits(emulator.address, {"quota": None}) == {"latency": 0, "quota": None}
    ask(client)


def test_a_slow_emulator_is_later_than_a_client_waits(client: Client, emulator: Emulator) -> None:
    set_limits(emulator.address, {"latency": 30})
    with pytest.raises(exceptions.DeadlineExceeded):
        ask(client, timeout=0.2)
    set_limits(emulator.address, {"latency": 0})
    ask(client)


def test_what_cannot_be_set_is_refused(emulator: Emulator) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        set_limits(emulator.address, {"latency": -1})
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT  # type: ignore[attr-defined]


def test_the_command_sets_and_shows(emulator: Emulator) -> None:
    def command(*options: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "emulator.emulators.vision.admin", "--address", emulator.address, *options]
        return subprocess.run(line, capture_output=True, text=True, env={"PYTHONPATH": "local-emulator:functions"})

    assert json.loads(command("--quota", "5", "--latency", "0.5").stdout) == {"latency": 0.5, "quota": 5}
    assert json.loads(command("--quota", "none").stdout) == {"latency": 0.5, "quota": None}
    wrong = command("--latency", "99")
    assert wrong.returncode == 1
    assert "'latency' is seconds" in wrong.stderr
