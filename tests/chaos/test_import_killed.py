"""An importer that is killed: another attempt goes on where it was, without a seam."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from tests.e2e.helpers.plain import plain
from tests.e2e.helpers.uploads import ended, upload
from tests.lint.hls import lint
from tests.unit.ingest.clips import make_clip
from tests.wait import until

from pipeline.cloud.clients import executions_client, firestore_client, media_bucket
from pipeline.domain import names

pytestmark = pytest.mark.stack


@pytest.fixture
def key(stack: Any) -> Iterator[str]:
    """Of a stream that is deleted at the end: the run does not wait until 15 minutes of video are analysed."""
    yield plain(stack, "killed", "Killed")
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    requests.delete(f"{stack.api.rstrip('/')}/streams/killed", headers=headers, timeout=120).raise_for_status()


def importers(object_name: str) -> list[psutil.Process]:
    found = [p for p in psutil.process_iter(["cmdline"]) if object_name in (p.info["cmdline"] or [])]
    return [p for p in found if "importer" in p.info["cmdline"]]


def looped(clip: Path, times: int, path: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-stream_loop", str(times - 1), "-i", clip, "-c", "copy", path]
    subprocess.run(command, check=True)
    return path.read_bytes()


def test_a_killed_importer_is_started_again_and_nothing_is_lost_or_doubled(
    stack: Any, key: str, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=20).path
    data = looped(clip, 45, tmp_path / "long.mp4")  # 15 minutes: time enough to be killed in
    object_name = upload(stack, "killed", key, "long.mp4", data)
    sessions = firestore_client().collection("streams/killed/sessions")

    def at_work() -> list[psutil.Process]:
        """The importer's processes, once a segment was stored."""
        found = importers(object_name)
        return found if any(d.get("segments") for d in sessions.stream()) else []

    for victim in until(at_work, 60, "the first segment of an importer"):
        victim.kill()
    session, found = ended("killed", object_name, within=180)
    assert (found["state"], found["error"]) == ("done", None)
    assert found["media_seconds"] == pytest.approx(900, abs=5)
    assert executions_client().get_execution(name=found["execution"]).retried_count == 1
    vod = media_bucket().blob(names.vod_playlist("killed", session)).download_as_text()
    assert lint(vod) == []
    assert "#EXT-X-DISCONTINUITY\n" not in vod
    stored = list(media_bucket().list_blobs(prefix=f"{names.BATCH}{names.SEGMENTS}killed/{session}/"))
    assert len(stored) == vod.count("#EXTINF") == pytest.approx(450, abs=3)
