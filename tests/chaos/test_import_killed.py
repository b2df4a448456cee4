"""An importer that is killed: another attempt goes on where it was, without a seam."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.e2e.uploads import ended, new_stream, upload
from tests.lint.hls import lint
from tests.unit.ingest.clips import make_clip

from pipeline import names
from pipeline.clients import executions_client, firestore_client, media_bucket

pytestmark = pytest.mark.stack


def importers(object_name: str) -> list[psutil.Process]:
    found = [p for p in psutil.process_iter(["cmdline"]) if object_name in (p.info["cmdline"] or [])]
    return [p for p in found if "importer" in p.info["cmdline"]]


def looped(clip: Path, times: int, path: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-stream_loop", str(times - 1), "-i", clip, "-c", "copy", path]
    subprocess.run(command, check=True)
    return path.read_bytes()


def test_a_killed_importer_is_started_again_and_nothing_is_lost_or_doubled(stack: Any, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=20).path
    data = looped(clip, 120, tmp_path / "long.mp4")  # 40 minutes: time enough to be killed in
    object_name = upload(stack, "killed", new_stream(stack, "killed"), "long.mp4", data)
    sessions = firestore_client().collection("streams/killed/sessions")
    deadline = time.monotonic() + 60
    while not (victims := importers(object_name)) or not any(d.get("segments") for d in sessions.stream()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for victim in victims:
        victim.kill()
    session, found = ended("killed", object_name, within=180)
    assert (found["state"], found["error"]) == ("done", None)
    assert found["media_seconds"] == pytest.approx(2400, abs=5)
    assert executions_client().get_execution(name=found["execution"]).retried_count == 1
    vod = media_bucket().blob(names.vod_playlist("killed", session)).download_as_text()
    assert lint(vod) == []
    assert "#EXT-X-DISCONTINUITY\n" not in vod
    stored = list(media_bucket().list_blobs(prefix=f"segments/killed/{session}/"))
    assert len(stored) == vod.count("#EXTINF") == pytest.approx(1200, abs=3)
