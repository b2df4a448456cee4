"""Simple, multipart and resumable upload."""

from __future__ import annotations

import base64
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage
from tests import owner
from tests.contract.gcs.checksums import crc32c, md5
from tests.contract.gcs.emulators import Emulator

GRANULE = 256 * 1024
NAMES = [
    *(
        "plain",
        "with space",
        "a/b/c.ts",
        "a//b",
        "/leading",
        "trailing/",
        "//",
        "ünïcödé/日本語/🎬",
        "100%",
        "%2F",
        "a%2Fb",
    ),
    *("q?x=1&y=2", "hash#1", "plus+sign", "semi;colon", "quote'\"", "~tilde", "back\\slash", "[1]*{2}", "a:b@c$d,e=f"),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_round_trips(emulator: Emulator, bucket: storage.Bucket, name: str) -> None:
    blob = bucket.blob(name)
    blob.upload_from_string(name)
    assert [each.name for each in bucket.list_blobs()] == [name]
    assert bucket.get_blob(name).download_as_text() == name
    assert blob.self_link.startswith(f"{emulator.url}/storage/v1/b/{bucket.name}/o/")
    resumable = bucket.blob(name, chunk_size=GRANULE)
    resumable.upload_from_file(io.BytesIO(name.encode()))
    assert emulator.call("GET", resumable.public_url.removeprefix(emulator.url)).content == name.encode()
    resumable.delete()
    assert not bucket.blob(name).exists()


@pytest.mark.parametrize("name", ["", ".", "..", "line\nbreak", "x" * 1025, ".well-known/acme-challenge/x"])
def test_a_name_no_object_may_have_is_refused(emulator: Emulator, bucket: storage.Bucket, name: str) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o"
    response = emulator.call("POST", path, params={"uploadType": "media", "name": name}, data=b"x")
    assert response.status_code == 400
    assert "name" in response.json()["error"]["message"]


def test_what_is_uploaded_is_described(emulator: Emulator, bucket: storage.Bucket) -> None:
    blob = bucket.blob("segments/a.ts")
    blob.metadata = {"media-time": "2.0"}
    blob.cache_control = "no-cache"
    blob.content_language = "de"
    blob.upload_from_string(b"hello", content_type="video/mp2t")
    found = bucket.get_blob("segments/a.ts")
    assert (found.size, found.content_type, found.metageneration) == (5, "video/mp2t", 1)
    assert (found.md5_hash, found.crc32c) == (md5(b"hello"), crc32c(b"hello"))
    assert found.metadata == {"media-time": "2.0"}
    assert (found.cache_control, found.content_language) == ("no-cache", "de")
    assert found.generation > 1_600_000_000_000_000
    assert emulator.call("GET", found.media_link.removeprefix(emulator.url)).content == b"hello"


def test_links_are_on_the_host_that_was_asked(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=x"
    resource = emulator.call("POST", path, data=b"x", headers={"Host": "gcs.localhost:81"}).json()
    assert resource["mediaLink"].startswith("http://gcs.localhost:81/download/storage/v1/b/")
    start = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=x"
    location = emulator.call("POST", start, headers={"Host": "gcs.localhost:81"}).headers["Location"]
    assert location.startswith("http://gcs.localhost:81/upload/storage/v1/b/")


def test_generations_rise_with_every_write(bucket: storage.Bucket) -> None:
    generations: list[int] = []
    for _ in range(5):
        blob = bucket.blob("same")
        blob.upload_from_string(b"x")
        generations.append(blob.generation or 0)
    assert generations == sorted(set(generations))


def test_simple_upload_takes_type_and_encoding(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=page&contentEncoding=gzip"
    resource = emulator.call("POST", path, data=b"\x1f\x8b", headers={"Content-Type": "text/html"}).json()
    assert (resource["contentType"], resource["contentEncoding"]) == ("text/html", "gzip")


def test_a_chunked_body_of_unknown_length_is_taken(emulator: Emulator, bucket: storage.Bucket) -> None:
    pieces = [os.urandom(100_000) for _ in range(10)]
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=stream"
    assert emulator.call("POST", path, data=iter(pieces)).json()["size"] == "1000000"
    assert bucket.blob("stream").download_as_bytes() == b"".join(pieces)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n",
        b'--b\r\n\r\n{"name": "x"}\r\n--b\r\nContent-Type: text/plain\r\n\r\nno closing boundary',
        b'--b\r\n\r\n{"name": \r\n--b\r\n\r\nx\r\n--b--',
    ],
)
def test_a_broken_multipart_body_is_refused_and_leaves_nothing(
    emulator: Emulator, bucket: storage.Bucket, body: bytes
) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"
    response = emulator.call("POST", path, data=body, headers={"Content-Type": "multipart/related; boundary=b"})
    assert response.status_code == 400
    assert not list(bucket.list_blobs())


def test_media_that_looks_like_a_boundary_survives_multipart(emulator: Emulator, bucket: storage.Bucket) -> None:
    media = b"\r\n--b\r\n\r\n--bogus--\r\n" * 50_000
    head = b'--b\r\nContent-Type: application/json\r\n\r\n{"name": "x"}\r\n--b\r\nContent-Type: text/x\r\n\r\n'
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"
    headers = {"Content-Type": 'multipart/related; boundary="b"'}
    resource = emulator.call("POST", path, data=head + media + b"\r\n--b--\r\n", headers=headers).json()
    assert (resource["contentType"], resource["md5Hash"]) == ("text/x", md5(media))


@pytest.mark.parametrize("size", [1, 10, 1000, 1 << 20])
@pytest.mark.parametrize("media", [os.urandom(300_000) + b"\r\n\r\n" + os.urandom(9), b"\n\nx", b"\r\n\r\n", b""])
def test_media_without_headers_is_whole(emulator: Emulator, bucket: storage.Bucket, media: bytes, size: int) -> None:
    """As Google's client of Go, and so rclone, sends it: the resource says its type."""
    resource = b'{"name": "x", "contentType": "video/mp4"}\n'
    body = b"--b\r\nContent-Type: application/json\r\n\r\n" + resource + b"\r\n--b\r\n\r\n" + media + b"\r\n--b--\r\n"
    pieces = (body[at : at + size] for at in range(0, len(body), size)) if len(body) / size < 1000 else iter([body])
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"
    headers = {"Content-Type": "multipart/related; boundary=b"}
    stored = emulator.call("POST", path, data=pieces, headers=headers).json()
    assert (stored["contentType"], stored["md5Hash"]) == ("video/mp4", md5(media))


WRONG = base64.b64encode(b"\0" * 4).decode()
WRONG_MD5 = base64.b64encode(b"\0" * 16).decode()


@pytest.mark.parametrize(
    "headers",
    [{"x-goog-hash": f"crc32c={WRONG}"}, {"x-goog-hash": f"md5={WRONG_MD5}"}, {"Content-MD5": WRONG_MD5}],
)
def test_bytes_that_are_not_what_the_client_says_are_refused(
    emulator: Emulator, bucket: storage.Bucket, headers: dict[str, str]
) -> None:
    json_path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=x"
    response = emulator.call("POST", json_path, data=b"hello", headers=headers)
    assert response.status_code == 400
    assert "doesn't match calculated" in response.json()["error"]["message"]
    response = emulator.call("PUT", f"/{bucket.name}/x", data=b"hello", headers=headers)
    assert response.status_code == 400
    assert b"<Code>BadDigest</Code>" in response.content
    assert not bucket.blob("x").exists()


@pytest.mark.parametrize("stated", [{"crc32c": WRONG}, {"md5Hash": WRONG_MD5}, {"md5Hash": "not base64"}])
def test_a_checksum_in_the_resource_is_verified(bucket: storage.Bucket, stated: dict[str, str]) -> None:
    blob = bucket.blob("x")
    blob._properties.update(stated)
    blob._changes.update(stated)
    with pytest.raises(exceptions.BadRequest):
        blob.upload_from_string(b"hello", checksum=None)  # pyright: ignore[reportArgumentType]
    with pytest.raises(exceptions.BadRequest):
        _upload_resumable(blob)
    assert not blob.exists()


def _upload_resumable(blob: storage.Blob) -> None:
    blob.chunk_size = GRANULE
    blob.upload_from_file(io.BytesIO(b"hello"), checksum=None)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("checksum", ["md5", "crc32c"])
def test_right_checksums_are_accepted(bucket: storage.Bucket, checksum: str) -> None:
    blob = bucket.blob("x")
    blob.upload_from_string(b"hello", checksum=checksum)
    blob.chunk_size = GRANULE
    blob.upload_from_file(io.BytesIO(b"x" * GRANULE * 3), checksum=checksum)
    assert blob.size == GRANULE * 3


@pytest.mark.parametrize("size", [0, 1, GRANULE - 1, GRANULE, GRANULE + 1, 3 * GRANULE, 3 * GRANULE + 7])
def test_resumable_upload_of_any_size(bucket: storage.Bucket, size: int) -> None:
    data = os.urandom(size)
    blob = bucket.blob("big", chunk_size=GRANULE)
    blob.upload_from_file(io.BytesIO(data), size=size, content_type="video/mp4")
    assert (blob.size, blob.content_type, blob.md5_hash) == (size, "video/mp4", md5(data))
    assert bucket.blob("big").download_as_bytes() == data


def test_resumable_upload_of_unknown_size(bucket: storage.Bucket) -> None:
    data = os.urandom(2 * GRANULE + 5)
    with bucket.blob("streamed").open("wb", chunk_size=GRANULE) as out:
        for start in range(0, len(data), 100_000):
            out.write(data[start : start + 100_000])  # pyright: ignore[reportArgumentType]
    assert bucket.blob("streamed").download_as_bytes() == data


def test_concurrent_writes_of_one_object_leave_one_of_them_whole(bucket: storage.Bucket) -> None:
    bodies = [bytes([i]) * 300_000 for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda body: bucket.blob("contended").upload_from_string(body), bodies))
    assert bucket.blob("contended").download_as_bytes() in bodies


def test_only_one_of_concurrent_creators_wins(bucket: storage.Bucket) -> None:
    def create(body: bytes) -> bool:
        try:
            bucket.blob("once").upload_from_string(body, if_generation_match=0, retry=None)  # pyright: ignore[reportArgumentType]
        except exceptions.PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(create, [b"x" * 200_000] * 8))
    assert won.count(True) == 1


def test_a_client_that_breaks_off_leaves_nothing(emulator: Emulator, bucket: storage.Bucket) -> None:
    import socket

    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=half"
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf".encode())
    assert not bucket.blob("half").exists()


def test_a_write_that_cannot_succeed_is_refused_however_large_its_body(
    emulator: Emulator, bucket: storage.Bucket
) -> None:
    bucket.blob("there").upload_from_string(b"x")
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=there&ifGenerationMatch=0"
    with requests.Session() as session:
        session.headers.update(owner.HEADERS)
        for body in (b"x" * 30_000_000, b"x"):
            assert session.post(emulator.url + path, data=body, timeout=20).status_code == 412


def test_an_upload_of_unknown_type_is_refused(emulator: Emulator, bucket: storage.Bucket) -> None:
    response = emulator.call("POST", f"/upload/storage/v1/b/{bucket.name}/o?uploadType=wrong&name=x", data=b"")
    assert response.status_code == 400
    assert json.loads(response.content)["error"]["errors"][0]["reason"] == "invalid"
