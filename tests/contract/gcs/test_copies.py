"""Copies and rewrites, through the client library."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.cloud import storage


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
