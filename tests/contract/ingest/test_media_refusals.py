"""What is refused for what the body holds, and in which words."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.found import document, ended, stored
from tests.contract.ingest.senders import chunks, post
from tests.unit.ingest.clips import Clip, make_clip


def bodies(tmp_path: Path) -> dict[str, tuple[bytes, str]]:
    """What is sent, and what the refusal must say."""
    silent = make_clip(tmp_path / "plain.mp4", seconds=1, format="mp4")
    return {
        "empty": (b"", "the body is empty"),
        "text": (b"this is not a video at all\n" * 400, "found text"),
        "noise": (bytes(range(256)) * 4000, "found no video"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(5000), "found a PNG picture"),
        "a playlist": (b"#EXTM3U\nfile:///etc/passwd\n", "found an HLS playlist"),
        "an MP4 with its index last": (silent.path.read_bytes(), "moov"),
    }


@pytest.mark.parametrize("kind", ["empty", "text", "noise", "a picture", "a playlist", "an MP4 with its index last"])
def test_what_is_no_live_video_is_refused_with_what_was_found_and_the_next_sender_is_taken(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client, tmp_path: Path, kind: str
) -> None:
    body, found = bodies(tmp_path)[kind]

    status, problem = post(service, stream, iter([body] if body else []))

    assert (status, problem["title"]) == (415, "Unsupported media")
    assert found in problem["detail"]
    assert "MPEG-TS, FLV, fragmented MP4, Matroska or WebM" in problem["detail"]
    state = document(db, stream)
    assert (state["state"], state["error"]["message"], state["session"]) == ("error", problem["detail"], None)
    assert post(service, stream, chunks(clip.path))[0] == 200
    assert document(db, stream)["error"] is None


def test_sound_without_a_picture_is_refused(service: Service, stream: Publishing, clip: Clip, tmp_path: Path) -> None:
    sound = tmp_path / "sound.ts"
    subprocess.run(["ffmpeg", "-v", "error", "-i", clip.path, "-vn", "-c", "copy", sound], check=True)

    status, problem = post(service, stream, chunks(sound))

    assert status == 415
    assert "aac sound and no video" in problem["detail"]


def test_keyframes_too_far_apart_end_the_session_with_what_came_before(
    services: ServiceFactory, stream: Publishing, tmp_path: Path, bucket: storage.Bucket, db: firestore.Client
) -> None:
    service = services(MAX_SEGMENT_SECONDS="4")
    sparse = make_clip(tmp_path / "sparse.ts", seconds=12, keys={0, 50})

    status, problem = post(service, stream, chunks(sparse.path))

    assert status == 415
    assert "keyframe interval to 2 seconds" in problem["detail"]
    found = ended(db, stream)
    assert (found["state"], found["error"]["message"]) == ("error", problem["detail"])
    assert len(stored(bucket, stream)) == 2
    live = bucket.get_blob(f"playlists/{stream.id}/{found['session']}/index.m3u8")
    assert live is not None and "#EXT-X-ENDLIST" in live.download_as_text()
