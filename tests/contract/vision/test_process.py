"""The emulator as a process: it starts ready, stops clean, and says what keeps it from starting."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.contract.serving import ROOT, Emulator
from tests.contract.vision.conftest import start


def failure(marks: Path, port: int = 0) -> str:
    command = [sys.executable, "-m", "emulator.emulators.vision", "--port", str(port), "--marks", str(marks)]
    path = f"{ROOT / 'local-emulator'}:{ROOT / 'functions'}"
    done = subprocess.run(
        [*command, "--storage-endpoint", "http://127.0.0.1:1"],
        env={"PYTHONPATH": path},
        capture_output=True,
        timeout=30,
    )
    assert done.returncode == 1
    text = done.stderr.decode()
    assert "Traceback" not in text
    return text


def test_stops_clean_on_sigterm_and_frees_its_port(marks: Path) -> None:
    emulator = start(marks, "http://127.0.0.1:1")
    emulator.process.terminate()
    assert emulator.process.wait(60) == 0
    host, port = emulator.address.split(":")
    with socket.socket() as probe:
        assert probe.connect_ex((host, int(port))) != 0


def test_marks_that_are_missing_are_an_error_that_says_how_to_make_them(tmp_path: Path) -> None:
    message = failure(tmp_path / "nowhere")
    assert "marks.json does not exist" in message
    assert "emulator.sample.media" in message


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("{", "cannot be read"),
        ('{"a": {"name": "A"}}', "is not of the form"),
        ('{"a": {"name": "A", "files": ["a.png"]}}', "a.png of 'A' cannot be read"),
        ('{"a": {"name": "A", "files": ["marks.json"]}}', "expected an 8-bit PNG or JPEG"),
    ],
)
def test_broken_marks_are_an_error_that_names_what_is_wrong(tmp_path: Path, index: str, expected: str) -> None:
    (tmp_path / "marks.json").write_text(index)
    assert expected in failure(tmp_path)


def test_a_port_that_is_taken_is_an_error(marks: Path, emulator: Emulator) -> None:
    port = int(emulator.address.split(":")[1])
    assert f"cannot listen on 127.0.0.1:{port}" in failure(marks, port)
