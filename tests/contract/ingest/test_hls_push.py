"""HLS push as encoders do it: whole pushes by Debian's ffmpeg, and each order of requests by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.pushing import Encoder, cut
from tests.contract.ingest.test_publish import document, ended, stored
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, numbers

from pipeline import names, objects
from pipeline.model import Segment


def ffmpeg(service: Service, stream: Publishing, clip: Path, *options: str, key: str | None = None) -> None:
    command = ["ffmpeg", "-v", "error", "-re", "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "2"]
    command += ["-method", "PUT", "-http_persistent", "1", *options]
    command += ["-headers", f"Authorization: Bearer {key or stream.key}\r\n", f"{service.url(stream.id)}/live.m3u8"]
    subprocess.run(command, check=True, timeout=60)


def placed(bucket: storage.Bucket, stream: Publishing) -> list[Segment]:
    return [objects.segment(blob.name, blob.metadata) for blob in stored(bucket, stream)]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-hls_list_size", "2", "-hls_flags", "delete_segments+program_date_time"),
        ("-http_persistent", "0"),
        ("-hls_segment_type", "fmp4"),
        ("-hls_playlist_type", "event"),
    ],
    ids=["plain", "deletes", "a connection each", "fmp4", "event"],
)
def test_ffmpeg_pushes_hls(
    service: Service,
    stream: Publishing,
    clip: Clip,
    bucket: storage.Bucket,
    db: firestore.Client,
    options: tuple[str, ...],
) -> None:
    ffmpeg(service, stream, clip.path, *options)

    found = ended(db, stream)
    assert (found["state"], found["source"], found["error"]) == ("ended", "hls", None)
    segments = placed(bucket, stream)
    assert [segment.ref.sequence for segment in segments] == [0, 1, 2]
    assert [round(segment.media_time, 2) for segment in segments] == [0.0, 2.0, 4.0]
    assert [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())] == list(range(150))
    for name in (names.live_playlist, names.vod_playlist):
        blob = bucket.get_blob(name(stream.id, found["session"]))
        assert blob is not None
        assert lint(blob.download_as_text()) == []
        assert blob.download_as_text().endswith("#EXT-X-ENDLIST\n")
    session = db.document(names.session_path(stream.id, found["session"])).get().to_dict() or {}
    assert (session["segments"], session["width"], session["height"], session["fps"]) == (3, 320, 180, 25.0)
    assert session["started"] == segments[0].program_date_time
    assert list(bucket.list_blobs(prefix=f"staging/{stream.id}/live")) == []
