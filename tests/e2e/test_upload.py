"""A file from a browser: uploaded in pieces, imported by the job, seen with its detections; and files that are none."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.plain import seen_enough
from tests.e2e.helpers.uploads import ask, begin, ended, new_stream, upload
from tests.lint.hls import lint
from tests.unit.ingest.clips import make_clip
from tests.wait import until

from pipeline.cloud.clients import executions_client, firestore_client, media_bucket, storage_client
from pipeline.domain import names

pytestmark = pytest.mark.stack


def read(name: str) -> str:
    return media_bucket().blob(name).download_as_text()


def analysed(stream: str, session: str, segments: int, within: float = 300) -> list[dict[str, Any]]:
    """The documents of a session's frames, once each of its segments was sampled and each frame analysed."""
    path = names.session_path(stream, session)

    def all_of(kind: str) -> list[dict[str, Any]]:
        return [one.to_dict() or {} for one in firestore_client().collection(f"{path}/{kind}").stream()]

    def complete() -> list[dict[str, Any]] | None:
        done, frames = len(all_of("segments")) == segments, all_of("frames")
        return frames if done and all(frame.get("analyses", {}).get("logo") for frame in frames) else None

    def missing() -> str:
        done, frames = len(all_of("segments")), len(all_of("frames"))
        return f"the whole analysis ({done} of {segments} segments are done, with {frames} frames)"

    return until(complete, within, missing)


def test_a_file_becomes_a_session_with_detections(stack: Any, opening: Path) -> None:
    key = new_stream(stack, "film")
    data = opening.read_bytes()
    begun = begin(stack, "film", key, "My film (1).mp4", len(data))
    begun.put(data, 0, (1 << 20) - 1)
    assert begun.offset() == 1 << 20  # the page was closed and opened again
    begun.send(data, begun.offset())
    session, found = ended("film", begun.object)
    assert (found["state"], found["error"], found["share"], found["name"]) == ("done", None, 1.0, "My film (1).mp4")
    assert found["size"] == len(data)
    stream = firestore_client().document("streams/film").get().to_dict() or {}
    assert (stream["state"], stream["source"], stream["session"]) == ("ended", "file", session)
    document = firestore_client().document(names.session_path("film", session)).get().to_dict() or {}
    assert document["media_seconds"] == pytest.approx(found["media_seconds"])
    vod = read(document["vod"])
    assert lint(vod) == []
    assert vod.count("#EXTINF") == document["segments"]
    assert "#EXT-X-DISCONTINUITY\n" not in vod
    frames = analysed("film", session, document["segments"])
    labels = {d["label"] for frame in frames for d in frame["analyses"]["logo"]["detections"]}
    assert labels
    seen_enough(stack, "film")


def test_an_mp4_whose_index_comes_last_is_imported(stack: Any, tmp_path: Path) -> None:
    data = make_clip(tmp_path / "late.mp4", seconds=8).path.read_bytes()
    assert data.index(b"mdat") < data.index(b"moov")
    session, found = ended("late", upload(stack, "late", new_stream(stack, "late"), "late.mp4", data))
    assert (found["state"], found["media_seconds"]) == ("done", pytest.approx(8, abs=0.1))
    assert read(names.vod_playlist("late", session)).count("#EXTINF") == 4


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notes.mp4", b"Dear diary, today I renamed a text.\n" * 50, "found text, not a video"),
        ("zeros.mov", bytes(100_000), "no video that can be read"),
    ],
)
def test_what_is_no_video_ends_in_an_error_with_the_reason(stack: Any, name: str, data: bytes, said: str) -> None:
    key = new_stream(stack, "nothing")
    _, found = ended("nothing", upload(stack, "nothing", key, name, data))
    assert found["state"] == "error"
    assert said in found["error"]["message"]
    stream = firestore_client().document("streams/nothing").get().to_dict() or {}
    assert (stream["state"], stream["error"]) == ("error", found["error"])


def test_a_file_that_is_cut_off_is_imported_as_far_as_it_is_whole(stack: Any, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "whole.mkv", seconds=20).path
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", source, "-c", "copy", "-movflags", "+faststart", tmp_path / "front.mp4"],
        check=True,
    )
    data = (tmp_path / "front.mp4").read_bytes()
    session, found = ended("cut", upload(stack, "cut", new_stream(stack, "cut"), "cut.mp4", data[: len(data) // 2]))
    assert found["state"] == "error"
    assert "cut off" in found["error"]["message"]
    assert 5 < found["media_seconds"] < 15
    document = firestore_client().document(names.session_path("cut", session)).get().to_dict() or {}
    assert "cut off" in document["error"]["message"]
    assert lint(read(document["vod"])) == []


def test_a_wrong_ending_does_not_matter(stack: Any, tmp_path: Path) -> None:
    data = make_clip(tmp_path / "clip.mkv", seconds=4).path.read_bytes()
    _, found = ended("ending", upload(stack, "ending", new_stream(stack, "ending"), "clip.mp4", data))
    assert (found["state"], found["media_seconds"]) == ("done", pytest.approx(4, abs=0.1))


def test_two_files_at_once_come_one_after_the_other(stack: Any, tmp_path: Path) -> None:
    key = new_stream(stack, "two")
    data = make_clip(tmp_path / "clip.mp4", seconds=4).path.read_bytes()
    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(lambda name: upload(stack, "two", key, name, data), ("a.mp4", "b.mp4")))
    sessions = {ended("two", each)[0]: ended("two", each)[1]["state"] for each in objects}
    assert list(sessions.values()) == ["done", "done"]
    for session in sessions:
        assert lint(read(names.vod_playlist("two", session))) == []


def test_a_file_that_somebody_copies_into_the_bucket_is_imported_too(stack: Any, tmp_path: Path) -> None:
    new_stream(stack, "copied")
    made = make_clip(tmp_path / "clip.ts", seconds=4)
    blob = storage_client().bucket(stack.uploads_bucket).blob("uploads/copied/folder/clip.ts")
    blob.upload_from_filename(made.path)
    session, found = ended("copied", str(blob.name))
    assert (found["state"], found["name"]) == ("done", "clip.ts")
    assert session == names.import_session(str(blob.name), blob.generation or 0)
    job = found["execution"].partition("/executions/")[0]
    runs = [e for e in executions_client().list_executions(parent=job) if blob.name in e.template.containers[0].args]
    assert len(runs) == 1


def test_who_may_upload_and_what(stack: Any) -> None:
    key = new_stream(stack, "asked")
    good = {"name": "a.mp4", "size": 1000, "content_type": "video/mp4"}
    assert ask(stack, "asked", key, **good).status_code == 201
    assert ask(stack, "asked", stack.admin_key, **good).status_code == 201
    assert ask(stack, "asked", "wrong", **good).status_code == 401
    assert ask(stack, "film-of-no-stream", key, **good).status_code == 401
    for wrong, said in (
        ({"size": 0}, "'size'"),
        ({"size": True}, "'size'"),
        ({"size": 10**15}, "at most"),
        ({"name": ""}, "'name'"),
        ({"more": 1}, "more"),
    ):
        answer = ask(stack, "asked", key, **(good | wrong))
        assert answer.status_code == 400 and said in answer.json()["detail"], answer.text
    assert ask(stack, "asked", key, **(good | {"content_type": "text/html"})).status_code == 415
