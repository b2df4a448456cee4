"""On disk: what was acknowledged is there after a restart, even after a kill; what was not leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from google.cloud import storage
from tests import owner
from tests.contract.gcs.emulators import ROOT, Emulator, running

GRANULE = 256 * 1024


@pytest.mark.parametrize("kill", [False, True])
def test_everything_survives_a_restart(tmp_path: Path, kill: bool) -> None:
    data = os.urandom(1_000_000)
    with running("--data", str(tmp_path)) as first:
        bucket = first.client().bucket("media")
        bucket.versioning_enabled = True
        bucket.cors = [{"origin": ["*"], "method": ["GET"]}]
        bucket = first.client().create_bucket(bucket)
        bucket.notification(topic_name="events", topic_project="test-project").create()
        blob = bucket.blob("a b/ü//x")
        blob.metadata = {"a": "1"}
        blob.upload_from_string(b"old")
        blob.upload_from_string(data)
        bucket.blob("composed").compose([blob, blob])
        before = _everything(bucket)
        if kill:
            first.process.kill()
    with running("--data", str(tmp_path)) as again:
        bucket = again.client().get_bucket("media")
        assert _everything(bucket) == before
        assert bucket.blob("a b/ü//x").download_as_bytes() == data
        assert bucket.blob("composed").download_as_bytes() == data * 2
        assert bucket.cors == [{"origin": ["*"], "method": ["GET"]}]
        assert [each.topic_name for each in bucket.list_notifications()] == ["events"]
        newer = bucket.blob("a b/ü//x")
        newer.upload_from_string(b"newer")
        assert newer.generation > max(generation for _, generation, *_ in before)


def _everything(bucket: storage.Bucket) -> list[tuple[str, int, int, str, dict[str, str] | None]]:
    listed = bucket.list_blobs(versions=True)
    return [(blob.name, blob.generation, blob.size, blob.crc32c, blob.metadata) for blob in listed]


def test_a_resumable_upload_goes_on_after_a_kill(tmp_path: Path) -> None:
    data = os.urandom(3 * GRANULE + 5)
    with running("--data", str(tmp_path)) as first:
        first.client().create_bucket("media")
        session = first.call("POST", "/upload/storage/v1/b/media/o?uploadType=resumable&name=x", json={}).headers
        location = session["Location"]
        headers = {"Content-Range": f"bytes 0-{2 * GRANULE - 1}/{len(data)}"}
        assert requests.put(location, data=data[: 2 * GRANULE], headers=headers, timeout=10).status_code == 308
        first.process.kill()
        port = int(first.url.rpartition(":")[2])
    with running("--data", str(tmp_path), port=port) as again:
        asked = requests.put(location, headers={"Content-Range": "bytes */*"}, timeout=10)
        assert asked.headers["Range"] == f"bytes=0-{2 * GRANULE - 1}"
        headers = {"Content-Range": f"bytes {2 * GRANULE}-{len(data) - 1}/{len(data)}"}
        assert requests.put(location, data=data[2 * GRANULE :], headers=headers, timeout=10).status_code == 200
        blob = again.client().bucket("media").blob("x")
        assert blob.download_as_bytes() == data  # its checksum is verified against the one kept


def test_a_completed_session_is_remembered_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with running("--data", str(tmp_path)) as first:
        first.client().create_bucket("media")
        start = "/upload/storage/v1/b/media/o?uploadType=resumable&name="
        done, cancelled, open_ = (first.call("POST", start + name, json={}).headers["Location"] for name in "abc")
        generation = requests.put(done, data=b"x", timeout=10).json()["generation"]
        assert requests.put(done, headers={"Content-Range": "bytes */1"}, timeout=10).json()["generation"] == generation
        assert requests.delete(cancelled, timeout=10).status_code == 499
        granule = {"Content-Range": f"bytes 0-{GRANULE - 1}/*"}
        requests.put(open_, data=b"x" * GRANULE, headers=granule, timeout=10)
        assert len(_files(tmp_path / "partial")) == 1
        port = int(first.url.rpartition(":")[2])
    with running("--data", str(tmp_path), port=port):
        assert requests.put(done, headers={"Content-Range": "bytes */1"}, timeout=10).json()["generation"] == generation
        assert requests.put(cancelled, headers={"Content-Range": "bytes */*"}, timeout=10).status_code == 499
        assert requests.delete(open_, timeout=10).status_code == 499
        assert _files(tmp_path / "partial") == []
        assert len(_files(tmp_path / "blobs")) == 1


def test_nothing_is_left_of_what_was_deleted_or_broke_off(tmp_path: Path) -> None:
    with running("--data", str(tmp_path)) as started:
        bucket = started.client().create_bucket("media")
        for i in range(3):
            bucket.blob("same").upload_from_string(str(i))
        assert len(_files(tmp_path / "blobs")) == 1
        _break_off(started)
        wrong = {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}
        assert started.call("PUT", "/media/wrong", data=b"x", headers=wrong).status_code == 400
        bucket.blob("same").delete()
        assert _files(tmp_path / "blobs") == []
        assert _files(tmp_path / "partial") == []
    (tmp_path / "partial" / "stray").write_bytes(b"left by a crash")
    (tmp_path / "blobs" / "stray").write_bytes(b"left by a crash")
    with running("--data", str(tmp_path)):
        assert _files(tmp_path / "blobs") + _files(tmp_path / "partial") == []


def _break_off(emulator: Emulator) -> None:
    """Half an upload, then a whole one on the same connection's successor: by then the first is over."""
    import socket

    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"PUT /media/half HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
            b"Content-Length: 1000\r\n\r\nhalf"
        )
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        assert connection.recv(1) == b""


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_folder_is_used_by_one_process_at_a_time(tmp_path: Path) -> None:
    with running("--data", str(tmp_path)):
        command = [sys.executable, "-m", "emulator.emulators.gcs", "--port", "1", "--data", str(tmp_path)]
        second = subprocess.run(command, cwd=ROOT / "local-emulator", capture_output=True, text=True, timeout=20)
    assert second.returncode == 1
    assert "is in use by another GCS emulator" in second.stderr


def test_memory_stays_flat_while_a_large_body_goes_through(tmp_path: Path) -> None:
    import psutil

    with running("--data", str(tmp_path)) as started:
        bucket = started.client().create_bucket("media")
        before = psutil.Process(started.process.pid).memory_info().rss
        pieces = (b"x" * (1 << 20) for _ in range(200))
        started.call("PUT", "/media/large", data=pieces)
        with requests.get(f"{started.url}/media/large", headers=owner.HEADERS, stream=True, timeout=30) as response:
            assert sum(len(piece) for piece in response.iter_content(1 << 20)) == 200 << 20
        bucket.blob("double").compose([bucket.blob("large")])
        peak = psutil.Process(started.process.pid).memory_info().rss
        assert peak - before < 40 << 20


def test_a_clean_stop_answers_what_is_under_way(tmp_path: Path) -> None:
    with running("--data", str(tmp_path)) as started:
        started.client().create_bucket("media").blob("x").upload_from_string(b"x")
        started.process.terminate()
        assert started.process.wait(60) == 0
