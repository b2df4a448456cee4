"""The sender as its users install it: a wheel in an environment that holds nothing else of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from tests.unit.ingest.clips import make_clip
from tests.unit.sender.wsserver import KEY, listening

ROOT = Path(__file__).parents[3]
SENDER = ROOT / "runner" / "sender"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command. Its environment borrows PyAV and websockets, so that no network is needed."""
    at = tmp_path_factory.mktemp("installed")
    shutil.copytree(SENDER, at / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    offline = ("--no-deps", "--no-index")
    subprocess.run([*PIP, "wheel", *offline, "--no-build-isolation", "-w", at, at / "source"], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", at / "env"], check=True)
    [wheel] = at.glob("*.whl")
    python = at / "env" / "bin" / "python"
    subprocess.run([*PIP, "--python", python, "install", *offline, wheel], check=True)
    [packages] = (at / "env" / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.with_name("media-analyzer-send")


def call(command: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command away from the repository, and without its import roots."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "STREAM_KEY")}
    return subprocess.run(
        [command, *arguments],
        cwd=command.parent,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_installed_command_explains_itself(command: Path) -> None:
    done = call(command, "--help")
    assert done.returncode == 0, done.stderr
    assert "usage: media-analyzer-send" in done.stdout


def test_the_installed_command_sends_a_file(command: Path, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1, audio=None)
    with listening() as ingest:
        done = call(command, str(clip.path), ingest.url, STREAM_KEY=KEY)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith("sent ")
        assert [(leg.ended, bool(leg.data)) for leg in ingest.legs] == [("end", True)]


def test_a_refusal_is_told_in_ingest_s_words_without_the_key(command: Path, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.4, audio=None)
    with listening() as ingest:
        done = call(command, str(clip.path), ingest.url, STREAM_KEY="hush-hush")
    assert done.returncode == 1
    assert "the key for stream 'demo' is missing or wrong" in done.stderr
    assert "hush-hush" not in done.stderr + done.stdout


def test_without_a_key_the_command_says_where_it_belongs(command: Path) -> None:
    done = call(command, "clip.mp4", "http://127.0.0.1:1/streams/demo")
    assert (done.returncode, done.stderr) == (2, "missing stream key: set STREAM_KEY, or give --key\n")


def test_the_ranges_of_the_sender_hold_the_versions_of_the_relay() -> None:
    """The image of the RTMP relay runs the same code, with the versions of its lock."""
    needs = tomllib.loads((SENDER / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = dict(re.findall(r"^([\w-]+)==([\d.]+)", (ROOT / "runner/rtmp/requirements.in").read_text(), re.M))
    ranges = {name: (low, high) for name, low, high in (re.fullmatch(r"(\w+)>=(.+),<(.+)", n).groups() for n in needs)}  # type: ignore[union-attr]
    assert ranges.keys() == pins.keys()
    for name, (low, high) in ranges.items():
        assert parts(low) <= parts(pins[name]) < parts(high), name


def parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
