"""Metadata, versions, preconditions, copies and batches, through the client library."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator
from tests.contract.gcs.test_uploads import crc32c


@pytest.fixture
def blob(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("object")
    blob.upload_from_string(b"hello", content_type="text/plain")
    return blob


def test_patch_changes_what_it_names(blob: storage.Blob, bucket: storage.Bucket) -> None:
    blob.metadata = {"a": "1", "b": "2"}
    blob.patch()
    blob.metadata = {"a": None, "c": "3"}
    blob.patch()
    found = bucket.get_blob("object")
    assert found.metadata == {"b": "2", "c": "3"}
    assert (found.content_type, found.metageneration, found.generation) == ("text/plain", 3, blob.generation)
    assert found.updated > found.time_created
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
        generations.append(blob.generation)
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


def test_a_held_object_cannot_be_deleted(blob: storage.Blob, bucket: storage.Bucket) -> None:
    blob.temporary_hold = True
    blob.patch()
    for forbidden in (blob.delete, lambda: bucket.blob("object").upload_from_string(b"x")):
        with pytest.raises(exceptions.Forbidden, match="temporary hold"):
            forbidden()
    blob.temporary_hold = False
    blob.patch()
    blob.delete()


Verb = Callable[[storage.Bucket, dict[str, int]], object]
WRITES: dict[str, Verb] = {
    "upload": lambda bucket, options: bucket.blob("object").upload_from_string(b"x", **options),
    "patch": lambda bucket, options: bucket.blob("object").patch(**options),
    "update": lambda bucket, options: bucket.blob("object").update(**options),
    "delete": lambda bucket, options: bucket.blob("object").delete(**options),
    "compose": lambda bucket, options: bucket.blob("object").compose(
        [bucket.blob("other")],
        if_generation_match=options.get("if_generation_match"),
        if_metageneration_match=options.get("if_metageneration_match"),
    ),
    "rewrite": lambda bucket, options: bucket.blob("object").rewrite(bucket.blob("other"), **options),
    "copy": lambda bucket, options: bucket.copy_blob(bucket.blob("other"), bucket, "object", **options),
}
READS: dict[str, Verb] = {
    "get": lambda bucket, options: bucket.blob("object").reload(**options),
    "download": lambda bucket, options: bucket.blob("object").download_as_bytes(**options),
}


_MATCH = {5: (0, 1, 3), 4: (0, 2)}  # the positions of `…_match` in failing() and in holding()


def _combinations(count: int) -> list[tuple[str, int]]:
    """Each verb with each precondition; the library's compose takes no `…_not_match`."""
    return [(verb, index) for verb in WRITES for index in range(count) if verb != "compose" or index in _MATCH[count]]


def failing(blob: storage.Blob) -> list[dict[str, int]]:
    return [
        {"if_generation_match": blob.generation + 1},
        {"if_generation_match": 0},
        {"if_generation_not_match": blob.generation},
        {"if_metageneration_match": 99},
        {"if_metageneration_not_match": 1},
    ]


def holding(blob: storage.Blob) -> list[dict[str, int]]:
    return [
        {"if_generation_match": blob.generation},
        {"if_generation_not_match": 1},
        {"if_metageneration_match": 1},
        {"if_metageneration_not_match": 99},
    ]


@pytest.mark.parametrize("verb, index", _combinations(5))
def test_every_write_is_refused_when_its_precondition_fails(
    bucket: storage.Bucket, blob: storage.Blob, verb: str, index: int
) -> None:
    options = failing(blob)[index]
    bucket.blob("other").upload_from_string(b"other")
    with pytest.raises(exceptions.PreconditionFailed, match="pre-conditions you specified did not hold"):
        WRITES[verb](bucket, options)
    assert bucket.get_blob("object").etag == blob.etag


@pytest.mark.parametrize("verb, index", _combinations(4))
def test_every_write_goes_through_when_its_precondition_holds(
    bucket: storage.Bucket, blob: storage.Blob, verb: str, index: int
) -> None:
    options = holding(blob)[index]
    bucket.blob("other").upload_from_string(b"other")
    WRITES[verb](bucket, options)
    left = bucket.get_blob("object")
    assert left is None if verb == "delete" else left.etag != blob.etag


@pytest.mark.parametrize("verb", READS)
def test_every_read_holds_preconditions(bucket: storage.Bucket, blob: storage.Blob, verb: str) -> None:
    for options in failing(blob):
        status = 304 if "not_match" in next(iter(options)) else 412
        with pytest.raises(exceptions.GoogleAPICallError) as refused:
            READS[verb](bucket, options)
        assert refused.value.code == status
    for options in holding(blob):
        READS[verb](bucket, options)


def test_a_new_object_cannot_match_a_generation(bucket: storage.Bucket) -> None:
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("new").upload_from_string(b"x", if_generation_match=5)
    bucket.blob("new").upload_from_string(b"x", if_generation_match=0)


def test_a_precondition_that_is_no_number_is_refused(emulator: Emulator, blob: storage.Blob) -> None:
    path = f"/storage/v1/b/{blob.bucket.name}/o/object?ifGenerationMatch=latest"
    assert emulator.call("GET", path).status_code == 400


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


def test_a_batch_answers_each_call_on_its_own(client: storage.Client, bucket: storage.Bucket) -> None:
    blobs = [bucket.blob(f"batch/{i} ü") for i in range(3)]
    for each in blobs:
        each.upload_from_string(b"x")
    with client.batch():
        for each in blobs:
            each.metadata = {"batch": "1"}
            each.patch()
    assert [each.metadata for each in bucket.list_blobs()] == [{"batch": "1"}] * 3
    with pytest.raises(exceptions.NotFound), client.batch():
        for name in (blobs[0].name, "missing", blobs[1].name):
            bucket.delete_blob(name)
    assert [each.name for each in bucket.list_blobs()] == [blobs[2].name]


def test_a_batch_carries_no_media(emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob) -> None:
    call = f"GET /storage/v1/b/{bucket.name}/o/object?alt=media HTTP/1.1"
    body = f"--b\r\nContent-Type: application/http\r\nContent-ID: <1>\r\n\r\n{call}\r\n\r\n--b--"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    response = emulator.call("POST", "/batch/storage/v1", data=body, headers=headers)
    assert "Content-ID: <response-1>" in response.text
    assert "A batch cannot carry media" in response.text


def test_a_batch_that_is_none_is_refused(emulator: Emulator) -> None:
    response = emulator.call("POST", "/batch/storage/v1", data=b"x", headers={"Content-Type": "text/plain"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "method, path, call",
    [
        ("POST", "/storage/v1/b/x/lockRetentionPolicy", "storage.buckets.lockRetentionPolicy"),
        ("GET", "/storage/v1/b/x/o/y/acl", "storage.objectAccessControls"),
        ("POST", "/storage/v1/b/x/o/y/restore", "storage.objects.restore"),
        ("GET", "/storage/v1/b/x/managedFolders", "storage.managedFolders"),
        ("GET", "/storage/v1/b/x/o?matchGlob=*", "matchGlob"),
        ("GET", "/storage/v1/nothing/like/it", "GET /storage/v1/nothing/like/it"),
    ],
)
def test_what_is_not_done_is_refused_by_name(emulator: Emulator, method: str, path: str, call: str) -> None:
    response = emulator.call(method, path)
    assert response.status_code == 501
    assert call in response.json()["error"]["message"]


@pytest.mark.parametrize("method, path", [("POST", "/media/x?uploads"), ("GET", "/media"), ("GET", "/media/x?acl")])
def test_what_the_xml_api_does_not_do_is_refused(emulator: Emulator, method: str, path: str) -> None:
    response = emulator.call(method, path)
    assert (response.status_code, b"<Code>NotImplemented</Code>" in response.content) == (501, True)


def test_customer_supplied_keys_are_refused(bucket: storage.Bucket) -> None:
    blob = bucket.blob("secret", encryption_key=b"k" * 32)
    with pytest.raises(exceptions.MethodNotImplemented, match="customer-supplied"):
        blob.upload_from_string(b"x")


def test_the_emulator_says_when_it_is_ready(emulator: Emulator) -> None:
    assert requests.get(emulator.url, timeout=5).status_code == 200
