"""Copies, rewrites and compositions, through the client library."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.cloud import storage
from tests.contract.gcs.checksums import crc32c
from tests.contract.gcs.emulators import Emulator


def test_a_copy_takes_bytes_and_metadata_along(bucket: storage.Bucket, blob: storage.Blob) -> None:
    blob.metadata = {"a": "1"}
    blob.patch()
    copy = bucket.copy_blob(blob, bucket, "nested/copy ü")
    assert copy.download_as_bytes() == b"hello"
    assert (copy.metadata, copy.content_type, copy.md5_hash) == ({"a": "1"}, "text/plain", blob.md5_hash)
    blob.delete()
    assert copy.download_as_bytes() == b"hello"


def test_a_rewrite_may_change_metadata(bucket: storage.Bucket, blob: storage.Blob) -> None:
    target = bucket.blob("target")
    target.content_type = "text/csv"
    token, rewritten, size = target.rewrite(blob)
    assert (token, rewritten, size) == (None, 5, 5)
    assert bucket.get_blob("target").content_type == "text/csv"


def test_a_copy_without_changes_may_say_null(emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob) -> None:
    """As Google's client of Go, and so rclone, writes it."""
    path = f"/storage/v1/b/{bucket.name}/o/{blob.name}/rewriteTo/b/{bucket.name}/o/copy"
    answer = emulator.call("POST", path, data=b"null\n", headers={"Content-Type": "application/json"})
    assert answer.json()["done"] is True
    assert bucket.blob("copy").download_as_bytes() == b"hello"


def test_a_copys_source_has_preconditions_of_its_own(bucket: storage.Bucket, blob: storage.Blob) -> None:
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("target").rewrite(blob, if_source_generation_match=1)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.copy_blob(blob, bucket, "target", if_source_metageneration_match=9)
    bucket.blob("target").rewrite(blob, if_source_generation_match=blob.generation)


def test_an_older_version_is_restored_by_copying_it(versioned: storage.Bucket) -> None:
    blob = versioned.blob("v")
    blob.upload_from_string(b"old")
    first = blob.generation
    blob.upload_from_string(b"new")
    versioned.copy_blob(versioned.blob("v"), versioned, "v", source_generation=first)
    assert versioned.blob("v").download_as_bytes() == b"old"


def test_compose_joins_objects_and_counts_components(bucket: storage.Bucket) -> None:
    parts = [bucket.blob(f"part-{i}") for i in range(3)]
    for i, part in enumerate(parts):
        part.upload_from_string(bytes([i]) * 100_000)
    whole = bucket.blob("whole")
    whole.content_type = "video/mp4"
    whole.compose(parts)
    data = whole.download_as_bytes()
    assert data == b"".join(bytes([i]) * 100_000 for i in range(3))
    assert (whole.component_count, whole.crc32c, whole.md5_hash) == (3, crc32c(data), None)
    assert whole.content_type == "video/mp4"
    whole.compose([whole, parts[0]])
    assert (whole.component_count, whole.size) == (4, 400_000)


def test_compose_guards_its_sources(bucket: storage.Bucket, blob: storage.Blob) -> None:
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("whole").compose([blob], if_source_generation_match=[1])
    with pytest.raises(exceptions.NotFound):
        bucket.blob("whole").compose([bucket.blob("missing")])
    with pytest.raises(exceptions.BadRequest, match="exceeds the maximum"):
        bucket.blob("whole").compose([blob] * 33)
