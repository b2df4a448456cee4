"""`make clip`: the service on a machine of one's own answers only those who send its key, and keeps the key's hash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from flask.testing import FlaskClient
from tests.contract.clip.conftest import BRANDS, ROOT, TINY, jpeg
from tests.servers import await_ready, free_port

from clip.settings import Clip
from pipeline.detection.service.client import fetch_info
from pipeline.detection.settings import detection
from pipeline.domain.errors import Unavailable
from pipeline.domain.keys import hash_key
from pipeline.domain.providers import Called

if TYPE_CHECKING:
    from clip.service import Service

KEY = "a-key-of-the-tests.0123"


@pytest.fixture(scope="module")
def locked(service: Service) -> Iterator[FlaskClient]:
    from clip.app import create_app
    from clip.service import Service

    own = Service(replace(service.settings, key_hash=hash_key(KEY)), service.model)
    yield create_app(own).test_client()
    own.close()


@pytest.mark.parametrize("path", ["/info", "/metrics", "/v1/detect", "/nothing"])
@pytest.mark.parametrize("sent", [None, "Bearer wrong", f"Basic {KEY}", KEY, "Bearer"])
def test_without_its_key_nothing_is_told(locked: FlaskClient, path: str, sent: str | None) -> None:
    method = locked.post if path.startswith("/v1") else locked.get
    answer = method(path, headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "key is missing or wrong" in answer.json["detail"]


def test_a_health_check_needs_none(locked: FlaskClient) -> None:
    assert locked.get("/health").status_code == 200


def test_with_its_key_it_works(locked: FlaskClient, pictures: list) -> None:
    body = {"images": [jpeg(pictures[0])], "brands": BRANDS}
    answer = locked.post("/v1/detect", json=body, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200


def test_a_hash_that_is_none_fails_the_start() -> None:
    with pytest.raises(ValueError, match="invalid CLIP_KEY_HASH: expected 64 hexadecimal digits"):
        Clip(key_hash=KEY)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[str, int, Path]]:
    """`python -m clip` with the key; its address, its process, its output."""
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "clip", "--port", str(port), "--model", str(TINY)]
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "runner"))
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": roots, "HOME": str(tmp_path)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=variables | {"CLIP_KEY": KEY}, stdout=output, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        await_ready(process, lambda: healthy(url), log, seconds=120)
        yield url, process.pid, log
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 0


def healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=60).status_code == 200
    except requests.ConnectionError:
        return False


def test_who_knows_the_key_is_answered_and_the_key_is_kept_nowhere(
    started: tuple[str, int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, pid, log = started
    monkeypatch.setenv("CLIP_URL", f"{url}/")
    detection.cache_clear()
    with pytest.raises(Unavailable):
        fetch_info(Called("clip", "clip", url))
    monkeypatch.setenv("CLIP_KEY", KEY)
    detection.cache_clear()
    try:
        assert fetch_info(Called("clip", "clip", url)).model == str(TINY)
    finally:
        detection.cache_clear()
    assert KEY not in log.read_text()
    assert f"make run CLIP_URL={url} CLIP_KEY=…" in log.read_text()
    assert KEY.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
    assert KEY.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("key", ["short", "with a blank in it, and long", "ends with a line\n" * 2])
def test_a_key_that_no_header_carries_is_refused(key: str, tmp_path: Path) -> None:
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "runner"))
    ended = subprocess.run(
        [sys.executable, "-m", "clip"],
        env={"PYTHONPATH": roots, "HOME": str(tmp_path), "CLIP_KEY": key},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "invalid CLIP_KEY: expected 16 characters or more" in ended.stderr
    assert key not in ended.stderr
