"""Download by the JSON and the XML API: ranges, gzip, conditions, headers."""

from __future__ import annotations

import gzip
import io
import os
import zlib

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage
from tests import owner
from tests.contract.gcs.emulators import Emulator

DATA = bytes(range(256)) * 4


@pytest.fixture
def blob(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("segments/a b.ts")
    blob.metadata = {"media-time": "2.0"}
    blob.upload_from_string(DATA, content_type="video/mp2t")
    return blob


def xml_get(emulator: Emulator, blob: storage.Blob, **headers: str) -> requests.Response:
    return raw(blob.public_url.replace("https://storage.googleapis.com", emulator.url), headers)


def raw(url: str, headers: dict[str, str]) -> requests.Response:
    """Without decoding, and without the Accept-Encoding that requests would add."""
    response = requests.get(
        url, headers={"Accept-Encoding": "identity", **owner.HEADERS, **headers}, stream=True, timeout=10
    )
    response._content = response.raw.read(decode_content=False)
    return response


@pytest.mark.parametrize(
    "start, end", [(0, 0), (0, 99), (100, 199), (1000, 1023), (1000, 5000), (1023, None), (5, None)]
)
def test_a_range_through_the_library(blob: storage.Blob, start: int, end: int | None) -> None:
    stop = None if end is None else end + 1
    assert blob.download_as_bytes(start=start, end=end) == DATA[start:stop]


@pytest.mark.parametrize(
    "header, content_range, body",
    [
        ("bytes=0-9", "bytes 0-9/1024", DATA[:10]),
        ("bytes=-5", "bytes 1019-1023/1024", DATA[-5:]),
        ("bytes=-5000", "bytes 0-1023/1024", DATA),
        ("bytes=1020-", "bytes 1020-1023/1024", DATA[1020:]),
    ],
)
def test_a_range_by_either_api(
    emulator: Emulator, blob: storage.Blob, header: str, content_range: str, body: bytes
) -> None:
    for response in (xml_get(emulator, blob, Range=header), raw(str(blob.media_link), {"Range": header})):
        assert (response.status_code, response.headers["Content-Range"]) == (206, content_range)
        assert (response.content, response.headers["Content-Length"]) == (body, str(len(body)))


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_not_satisfiable(emulator: Emulator, blob: storage.Blob, header: str) -> None:
    response = xml_get(emulator, blob, Range=header)
    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */1024")
    assert b"<Code>InvalidRange</Code>" in response.content
    response = raw(str(blob.media_link), {"Range": header})
    assert response.json()["error"]["errors"][0]["reason"] == "requestedRangeNotSatisfiable"


@pytest.mark.parametrize("header", ["bytes=9-5", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "bytes=-"])
def test_a_range_that_makes_no_sense_is_ignored(emulator: Emulator, blob: storage.Blob, header: str) -> None:
    response = xml_get(emulator, blob, Range=header)
    assert (response.status_code, response.content) == (200, DATA)


def test_an_empty_object_downloads(bucket: storage.Bucket) -> None:
    blob = bucket.blob("empty")
    blob.upload_from_string(b"")
    assert blob.download_as_bytes() == b""
    out = io.BytesIO()
    blob.chunk_size = 256 * 1024
    blob.download_to_file(out)
    assert out.getvalue() == b""


def test_a_large_object_downloads_in_chunks_and_as_a_stream(bucket: storage.Bucket) -> None:
    data = os.urandom(3_000_001)
    blob = bucket.blob("large", chunk_size=256 * 1024)
    blob.upload_from_string(data)
    out = io.BytesIO()
    blob.download_to_file(out)
    assert out.getvalue() == data
    with blob.open("rb") as stream:
        stream.seek(2_999_990)
        assert stream.read() == data[2_999_990:]


def test_headers_of_the_xml_api(emulator: Emulator, blob: storage.Blob) -> None:
    response = xml_get(emulator, blob)
    assert response.content == DATA
    expected = {
        "Content-Type": "video/mp2t",
        "Content-Length": "1024",
        "Accept-Ranges": "bytes",
        "x-goog-generation": str(blob.generation),
        "x-goog-metageneration": "1",
        "x-goog-stored-content-encoding": "identity",
        "x-goog-stored-content-length": "1024",
        "x-goog-storage-class": "STANDARD",
        "x-goog-hash": f"crc32c={blob.crc32c},md5={blob.md5_hash}",
        "x-goog-meta-media-time": "2.0",
        "Cache-Control": "private, max-age=0",
    }
    assert {name: response.headers.get(name) for name in expected} == expected
    assert response.headers["Last-Modified"].endswith("GMT")
    head = requests.head(response.url, headers=owner.HEADERS, timeout=10)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "1024")


def test_etags_are_the_md5_by_xml_and_the_resources_by_json(emulator: Emulator, blob: storage.Blob) -> None:
    import hashlib

    assert xml_get(emulator, blob).headers["ETag"] == f'"{hashlib.md5(DATA).hexdigest()}"'
    assert raw(str(blob.media_link), {}).headers["ETag"] == blob.etag


def test_what_the_client_has_already_is_not_sent_again(emulator: Emulator, blob: storage.Blob) -> None:
    first = xml_get(emulator, blob)
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", W/{first.headers["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        response = xml_get(emulator, blob, **headers)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == first.headers["ETag"]
    assert xml_get(emulator, blob, **{"If-None-Match": '"other"'}).status_code == 200
    assert xml_get(emulator, blob, **{"If-Match": '"other"'}).status_code == 412
    assert raw(str(blob.media_link), {"If-None-Match": str(blob.etag)}).status_code == 304


def test_a_range_of_what_has_changed_is_sent_whole(emulator: Emulator, blob: storage.Blob) -> None:
    tag = xml_get(emulator, blob).headers["ETag"]
    assert xml_get(emulator, blob, Range="bytes=0-1", **{"If-Range": tag}).status_code == 206
    assert xml_get(emulator, blob, Range="bytes=0-1", **{"If-Range": '"other"'}).status_code == 200


PAGE = b"<p>hello</p>" * 100_000


@pytest.fixture
def packed(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("page.html")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(PAGE), content_type="text/html")
    return blob


def test_gzip_is_unpacked_for_who_does_not_take_it(emulator: Emulator, packed: storage.Blob) -> None:
    for headers in ({}, {"Accept-Encoding": "deflate"}, {"Accept-Encoding": "gzip;q=0, br"}, {"Range": "bytes=0-3"}):
        response = xml_get(emulator, packed, **headers)
        assert (response.status_code, response.content) == (200, PAGE)
        assert "Content-Encoding" not in response.headers
        assert response.headers["x-goog-stored-content-encoding"] == "gzip"
        assert response.headers["x-goog-stored-content-length"] == str(packed.size)
        assert "Accept-Encoding" in response.headers["Vary"]


def test_gzip_is_sent_as_stored_to_who_takes_it(emulator: Emulator, packed: storage.Blob) -> None:
    response = xml_get(emulator, packed, **{"Accept-Encoding": "gzip, deflate"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == PAGE
    part = xml_get(emulator, packed, Range="bytes=0-1", **{"Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, b"\x1f\x8b")


def test_gzip_through_the_library(packed: storage.Blob) -> None:
    assert packed.download_as_bytes() == PAGE
    assert zlib.decompress(packed.download_as_bytes(raw_download=True), 31) == PAGE


def test_no_transform_keeps_gzip(emulator: Emulator, packed: storage.Blob) -> None:
    packed.cache_control = "no-transform"
    packed.patch()
    assert gzip.decompress(xml_get(emulator, packed).content) == PAGE


def test_what_only_claims_to_be_gzip_is_sent_as_it_is(emulator: Emulator, bucket: storage.Bucket) -> None:
    blob = bucket.blob("claims")
    blob.content_encoding = "gzip"
    blob.upload_from_string(b"not gzip")
    response = xml_get(emulator, blob)
    assert (response.content, response.headers["Content-Encoding"]) == (b"not gzip", "gzip")


def test_public_objects_are_cached_an_hour_unless_told_otherwise(
    emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob
) -> None:
    policy = bucket.get_iam_policy()
    policy["roles/storage.objectViewer"] = {"allUsers"}
    bucket.set_iam_policy(policy)
    assert xml_get(emulator, blob).headers["Cache-Control"] == "public, max-age=3600"
    assert raw(str(blob.media_link), {}).headers["Cache-Control"] == "public, max-age=3600"
    blob.cache_control = "no-cache"
    blob.patch()
    assert xml_get(emulator, blob).headers["Cache-Control"] == "no-cache"


def test_an_object_may_be_public_by_itself(emulator: Emulator, bucket: storage.Bucket) -> None:
    blob = bucket.blob("public")
    blob.upload_from_string(b"x", predefined_acl="publicRead")
    assert xml_get(emulator, blob).headers["Cache-Control"] == "public, max-age=3600"


def test_generations_can_be_downloaded(emulator: Emulator, versioned: storage.Bucket) -> None:
    blob = versioned.blob("v")
    blob.upload_from_string(b"one")
    first = blob.generation
    blob.upload_from_string(b"two")
    assert versioned.blob("v", generation=first).download_as_bytes() == b"one"
    assert emulator.call("GET", f"/{versioned.name}/v?generation={first}").content == b"one"
    assert emulator.call("GET", f"/{versioned.name}/v").content == b"two"


def test_what_is_not_there_is_not_found(emulator: Emulator, bucket: storage.Bucket) -> None:
    with pytest.raises(exceptions.NotFound, match="No such object"):
        bucket.blob("missing").download_as_bytes()
    response = emulator.call("GET", f"/{bucket.name}/missing")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/xml; charset=UTF-8")
    assert b"<Code>NoSuchKey</Code>" in response.content
    assert b"<Code>NoSuchBucket</Code>" in emulator.call("GET", "/no-such-bucket/x").content


def test_xml_put_keeps_what_its_headers_say(emulator: Emulator, bucket: storage.Bucket) -> None:
    headers = {
        "Content-Type": "image/jpeg",
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
        "x-goog-meta-reason": "first",
    }
    response = emulator.call("PUT", f"/{bucket.name}/frames/a%2Fb//c.jpg", data=b"jpeg", headers=headers)
    assert response.status_code == 200
    blob = bucket.get_blob("frames/a/b//c.jpg")
    assert response.headers["x-goog-generation"] == str(blob.generation)
    assert (blob.content_type, blob.cache_control, blob.content_disposition) == ("image/jpeg", "no-store", "inline")
    assert blob.metadata == {"reason": "first"}


def test_xml_put_and_delete_hold_preconditions(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/{bucket.name}/x"
    assert emulator.call("PUT", path, data=b"1", headers={"x-goog-if-generation-match": "0"}).status_code == 200
    refused = emulator.call("PUT", path, data=b"2", headers={"x-goog-if-generation-match": "0"})
    assert (refused.status_code, b"<Code>PreconditionFailed</Code>" in refused.content) == (412, True)
    assert emulator.call("DELETE", path, headers={"x-goog-if-metageneration-match": "7"}).status_code == 412
    assert emulator.call("DELETE", path).status_code == 204
    assert emulator.call("DELETE", path).status_code == 404


def test_a_download_goes_on_while_its_object_is_replaced(emulator: Emulator, bucket: storage.Bucket) -> None:
    blob = bucket.blob("replaced")
    data = os.urandom(8_000_000)
    blob.upload_from_string(data)
    with requests.get(
        f"{emulator.url}/{bucket.name}/replaced", headers=owner.HEADERS, stream=True, timeout=10
    ) as response:
        got = [response.raw.read(100_000)]
        blob.upload_from_string(b"new")
        blob.delete()
        got.append(response.raw.read())
    assert b"".join(got) == data
