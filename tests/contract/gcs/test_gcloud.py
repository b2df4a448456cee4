"""Google's own command line against the emulator: what docs/operations.md tells people to type."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator

from emulator import gcloud
from emulator.cli import main
from emulator.errors import StackError

OBJECTS = "CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_"


def call(
    emulator: Emulator, folder: Path, *arguments: str, tool: str = "gcloud", **variables: str
) -> subprocess.CompletedProcess[str]:
    """`gcloud storage …` as the project's owner."""
    found = gcloud.environment(emulator.url.removeprefix("http://"), "test-project", folder / "gcloud")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | found | variables
    command = gcloud.command("gsutil", arguments) if tool == "gsutil" else ["gcloud", "storage", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)


def test_gcloud_copies_moves_and_removes(emulator: Emulator, bucket: storage.Bucket, tmp_path: Path) -> None:
    small, large = tmp_path / "small.mp4", tmp_path / "large.mp4"
    small.write_bytes(b"\r\n--x" * 9)  # one multipart request
    large.write_bytes(os.urandom(9_000_000))  # resumable
    call(emulator, tmp_path, "cp", str(small), str(large), f"gs://{bucket.name}/films/")
    assert bucket.blob("films/small.mp4").download_as_bytes() == small.read_bytes()
    assert bucket.blob("films/large.mp4").download_as_bytes() == large.read_bytes()
    call(emulator, tmp_path, "mv", f"gs://{bucket.name}/films/small.mp4", f"gs://{bucket.name}/moved.mp4")
    assert [blob.name for blob in bucket.list_blobs()] == ["films/large.mp4", "moved.mp4"]
    call(emulator, tmp_path, "rm", "--recursive", f"gs://{bucket.name}/films")
    assert [blob.name for blob in bucket.list_blobs()] == ["moved.mp4"]


def test_gsutil_copies_lists_and_removes(emulator: Emulator, bucket: storage.Bucket, tmp_path: Path) -> None:
    small, large = tmp_path / "small.mp4", tmp_path / "large.mp4"
    small.write_bytes(b"film")
    large.write_bytes(os.urandom(9_000_000))
    call(emulator, tmp_path, "cp", str(small), str(large), f"gs://{bucket.name}/films/", tool="gsutil")
    assert bucket.blob("films/large.mp4").download_as_bytes() == large.read_bytes()
    assert "films/small.mp4" in call(emulator, tmp_path, "ls", f"gs://{bucket.name}/films", tool="gsutil").stdout
    call(emulator, tmp_path, "rm", "-r", f"gs://{bucket.name}/films", tool="gsutil")
    assert not list(bucket.list_blobs())


def test_gcloud_joins_the_parts_of_a_large_file(emulator: Emulator, bucket: storage.Bucket, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(3_000_000))
    # As above 150 MiB without these settings.
    in_parts = {f"{OBJECTS}ENABLED": "true", f"{OBJECTS}THRESHOLD": "1Mi", f"{OBJECTS}COMPONENT_SIZE": "1Mi"}
    call(emulator, tmp_path, "cp", str(film), f"gs://{bucket.name}/film.mp4", **in_parts)
    blob = bucket.get_blob("film.mp4")
    assert blob.component_count == 3
    assert blob.download_as_bytes() == film.read_bytes()


def test_a_refusal_is_final(emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        call(emulator, tmp_path, "objects", "update", f"gs://{bucket.name}/{blob.name}", "--temporary-hold")
    assert "temporaryHold is not implemented by this emulator" in refused.value.stderr


def test_other_commands_of_gcloud_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StackError, match="invalid command 'compute instances': expected `storage …`"):
        gcloud.command("gcloud", ["compute", "instances", "list"])
    assert main(["gcloud", "--stack", "none", "storage", "ls"]) == 1
    assert "the stack none is not up" in capsys.readouterr().err
