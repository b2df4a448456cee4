"""The emulator as a process: it starts ready, stops clean, and says what keeps it from starting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from tests.contract.serving import ROOT, Emulator
from tests.contract.speech.conftest import start


def test_stops_clean_on_sigterm_and_frees_its_port() -> None:
    emulator = start()
    emulator.process.terminate()
    assert emulator.process.wait(60) == 0
    host, port = emulator.address.split(":")
    with socket.socket() as probe:
        assert probe.connect_ex((host, int(port))) != 0


def test_a_port_that_is_taken_is_an_error(emulator: Emulator) -> None:
    port = emulator.address.split(":")[1]
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("local-emulator", "functions"))
    command = [sys.executable, "-m", "emulator.emulators.speech", "--port", port, "--storage", "x", "--account", "y"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": roots}, capture_output=True, timeout=30)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
