"""Debian's ffmpeg pushes HLS into the whole stack: segments, playlists, detections."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.follow import analysed
from tests.e2e.helpers.plain import seen_enough
from tests.lint.hls import lint

from emulator.paths import stack_paths
from emulator.sample import streams
from pipeline.cloud import clients
from pipeline.domain import names

pytestmark = pytest.mark.stack

STREAM = "hls-push"
SECONDS = 12


def test_ffmpeg_pushes_hls_and_everything_in_it_is_seen(stack: Any, clip: Path) -> None:
    key = streams.create(stack, STREAM, "HLS push")
    streams.ask(stack, "PATCH", f"/streams/{STREAM}", {"settings": {"kinds": ["logo"]}})
    command = ["ffmpeg", "-v", "error", "-re", "-t", str(SECONDS), "-i", clip, "-c", "copy", "-f", "hls"]
    command += ["-hls_time", "2", "-hls_list_size", "4", "-hls_flags", "delete_segments+program_date_time"]
    command += ["-method", "PUT", "-http_persistent", "1", "-headers", f"Authorization: Bearer {key}\r\n"]
    sender = subprocess.Popen([*command, f"{streams.address(stack, STREAM)}/live.m3u8"])
    try:
        ledger = analysed(STREAM)
    finally:
        sender.kill()
        sender.wait()

    logs = stack_paths(f"test-{os.getpid()}").logs
    for instance in ("ingest", "ingest-2"):
        assert f"PUT /streams/{STREAM}/" in (logs / f"{instance}.log").read_text(), "each request goes to the next one"
    assert ledger.errors() == []
    assert ledger.expected in (SECONDS / 2, SECONDS / 2 + 1), "a reordered picture may begin one more"
    assert {sighting.kind for sighting in ledger.sightings()} >= {"logo"}
    bucket = clients.media_bucket()
    playlists = {blob.name.rpartition("/")[2]: blob for blob in bucket.list_blobs(prefix=f"{names.PLAYLISTS}{STREAM}/")}
    assert playlists.keys() == {"index.m3u8", "vod.m3u8"}
    for blob in playlists.values():
        text = blob.download_as_text()
        assert lint(text) == []
        assert text.count("#EXTINF") == ledger.expected
        assert text.endswith("#EXT-X-ENDLIST\n")
    seen_enough(stack, STREAM)
