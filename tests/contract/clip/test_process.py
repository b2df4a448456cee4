"""The container's own command in a tree that holds only what its image would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from tests.contract.clip.conftest import BRANDS, ROOT, TINY, jpeg
from tests.servers import await_ready, free_port

from emulator.declaration.images.dockerfile import read_dockerfile
from emulator.declaration.realise.trees import sync
from pipeline.detection.service import client
from pipeline.detection.settings import Detection
from pipeline.domain.providers import Called


def test_it_serves_from_what_its_image_holds_and_ends_when_asked(
    tmp_path: Path, pictures: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = read_dockerfile(ROOT / "runner" / "clip" / "Dockerfile", ROOT)
    sync(tmp_path, {str(path).lstrip("/"): file.read_bytes() for path, file in image.files.items()})
    port, tree = free_port(), tmp_path / "app"
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(tree), **image.env}
    given = {"CLIP_MODEL": str(TINY), "HOST": "127.0.0.1", "PORT": str(port), "HOME": str(tmp_path)}
    process = subprocess.Popen(image.command, cwd=tree, env=variables | given)
    try:
        url = f"http://127.0.0.1:{port}"
        await_ready(process, lambda: answers(url), seconds=120)
        monkeypatch.setattr(client, "detection", lambda: Detection(clip_url=url))
        info = client.fetch_info(Called("clip", "clip", url))
        assert (info.model, info.queue) == (str(TINY), 0)
        body = {"images": [jpeg(pictures[0])], "brands": BRANDS}
        answer = requests.post(f"{url}/v1/detect", json=body, timeout=60)
        assert answer.status_code == 200
        by_id = requests.post(f"{url}/v1/detect", json=body | {"brands": ["nike"]}, timeout=60)
        assert by_id.status_code == 400  # no project, no database: a machine of one's own
        assert "send id, name and prompts" in by_id.json()["detail"]
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=60).status_code == 200
    except requests.ConnectionError:
        return False
