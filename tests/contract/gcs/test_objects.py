"""Metadata and versions of objects, and what is refused by name, through the client library."""

from __future__ import annotations

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator


def test_patch_changes_what_it_names(blob: storage.Blob, bucket: storage.Bucket) -> None:
    blob.metadata = {"a": "1", "b": "2"}
    blob.patch()
    blob.metadata = {"a": None, "c": "3"}
    blob.patch()
    found = bucket.get_blob("object")
    assert found.metadata == {"b": "2", "c": "3"}
    assert (found.content_type, found.metageneration, found.generation) == ("text/plain", 3, blob.generation)
    assert found.updated > found.time_created  # pyright: ignore[reportOperatorIssue]
    assert found.etag != ""


def test_update_replaces_all_of_it(blob: storage.Blob, bucket: storage.Bucket) -> None:
    blob.metadata = {"a": "1"}
    blob.cache_control = "no-cache"
    blob.patch()
    blob.metadata = {"z": "9"}
    blob.update()
    assert bucket.get_blob("object").metadata == {"z": "9"}


def test_metadata_that_is_no_string_is_refused(emulator: Emulator, blob: storage.Blob) -> None:
    path = f"/storage/v1/b/{blob.bucket.name}/o/object"
    assert emulator.call("PATCH", path, json={"metadata": {"n": 1}}).status_code == 400
    assert emulator.call("PATCH", path, json={"metadata": "text"}).status_code == 400
    assert emulator.call("PATCH", path, data=b"{").json()["error"]["errors"][0]["reason"] == "parseError"


def test_a_deleted_object_is_gone(blob: storage.Blob) -> None:
    blob.delete()
    assert not blob.exists()
    with pytest.raises(exceptions.NotFound, match=r"No such object: .*/object"):
        blob.delete()


def test_errors_have_googles_shape(emulator: Emulator, bucket: storage.Bucket) -> None:
    response = emulator.call("GET", f"/storage/v1/b/{bucket.name}/o/missing")
    message = f"No such object: {bucket.name}/missing"
    detail = {"message": message, "domain": "global", "reason": "notFound"}
    assert response.json() == {"error": {"code": 404, "message": message, "errors": [detail]}}


def test_versions_are_kept_where_the_bucket_says_so(versioned: storage.Bucket) -> None:
    generations: list[int] = []
    for text in ("one", "two", "three"):
        blob = versioned.blob("v")
        blob.upload_from_string(text)
        generations.append(blob.generation or 0)
    assert [each.generation for each in versioned.list_blobs(versions=True)] == generations
    assert [each.generation for each in versioned.list_blobs()] == generations[-1:]
    old = versioned.get_blob("v", generation=generations[0])
    assert old.time_deleted is not None
    versioned.delete_blob("v")
    assert not versioned.blob("v").exists()
    assert len(list(versioned.list_blobs(versions=True))) == 3
    old.delete()
    assert [each.generation for each in versioned.list_blobs(versions=True)] == generations[1:]


def test_without_versioning_nothing_is_kept(bucket: storage.Bucket, blob: storage.Blob) -> None:
    first = blob.generation
    bucket.blob("object").upload_from_string(b"again")
    assert [each.generation for each in bucket.list_blobs(versions=True)] != [first]
    assert bucket.get_blob("object", generation=first) is None


@pytest.mark.parametrize(
    "method, path, call",
    [
        ("POST", "/storage/v1/b/x/lockRetentionPolicy", "storage.buckets.lockRetentionPolicy"),
        ("GET", "/storage/v1/b/x/o/y/acl", "storage.objectAccessControls"),
        ("POST", "/storage/v1/b/x/o/y/moveTo/o/z", "storage.objects.move"),
        ("POST", "/batch/storage/v1", "a batch of calls"),
        ("POST", "/storage/v1/b/x/o/y/restore", "storage.objects.restore"),
        ("GET", "/storage/v1/b/x/managedFolders", "storage.managedFolders"),
        ("GET", "/storage/v1/b/x/o?matchGlob=*", "matchGlob"),
        ("GET", "/storage/v1/nothing/like/it", "GET /storage/v1/nothing/like/it"),
    ],
)
def test_what_is_not_done_is_refused_by_name(emulator: Emulator, method: str, path: str, call: str) -> None:
    response = emulator.call(method, path)
    assert response.status_code == 400
    assert call in response.json()["error"]["message"]


@pytest.mark.parametrize("method, path", [("POST", "/media/x?uploads"), ("GET", "/media"), ("GET", "/media/x?acl")])
def test_what_the_xml_api_does_not_do_is_refused(emulator: Emulator, method: str, path: str) -> None:
    response = emulator.call(method, path)
    assert (response.status_code, b"<Code>NotImplemented</Code>" in response.content) == (400, True)


def test_customer_supplied_keys_are_refused(bucket: storage.Bucket) -> None:
    blob = bucket.blob("secret", encryption_key=b"k" * 32)
    with pytest.raises(exceptions.BadRequest, match="customer-supplied"):
        blob.upload_from_string(b"x")


def test_the_emulator_says_when_it_is_ready(emulator: Emulator) -> None:
    assert requests.get(emulator.url, timeout=60).status_code == 200
