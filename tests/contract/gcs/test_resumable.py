"""The resumable protocol, request by request, as clients and browsers speak it."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from google.cloud import storage
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import owner
from tests.contract.gcs.emulators import Emulator

GRANULE = 256 * 1024


@pytest.fixture
def session(emulator: Emulator, bucket: storage.Bucket) -> str:
    return start(emulator, bucket)


def start(emulator: Emulator, bucket: storage.Bucket, **options: object) -> str:
    path = f"/upload/storage/v1/b/{bucket.name}/o"
    response = emulator.call("POST", path, params={"uploadType": "resumable", "name": "x", **options}, json={})
    assert response.status_code == 200
    return response.headers["Location"]


def put(session: str, body: bytes, content_range: str | None) -> requests.Response:
    headers = {"Content-Range": content_range} if content_range else {}
    return requests.put(session, data=body, headers=headers, timeout=10)


def test_the_whole_body_in_one_request(session: str, bucket: storage.Bucket) -> None:
    assert put(session, b"hello", None).json()["size"] == "5"
    assert bucket.blob("x").download_as_bytes() == b"hello"


def test_a_question_tells_how_far_it_got(session: str) -> None:
    fresh = put(session, b"", "bytes */*")
    assert fresh.status_code == 308
    assert "Range" not in fresh.headers
    chunk = put(session, b"a" * GRANULE, f"bytes 0-{GRANULE - 1}/*")
    assert (chunk.status_code, chunk.headers["Range"]) == (308, f"bytes=0-{GRANULE - 1}")
    assert put(session, b"", f"bytes */{GRANULE + 1}").headers["Range"] == f"bytes=0-{GRANULE - 1}"


def test_a_complete_upload_answers_every_question_with_its_object(session: str) -> None:
    done = put(session, b"hello", "bytes 0-4/5").json()
    assert put(session, b"", "bytes */*").json()["generation"] == done["generation"]
    assert put(session, b"", "bytes */5").json()["generation"] == done["generation"]


def test_a_question_with_the_total_completes_what_is_all_there(session: str) -> None:
    put(session, b"a" * GRANULE, f"bytes 0-{GRANULE - 1}/*")
    assert put(session, b"", f"bytes */{GRANULE}").json()["size"] == str(GRANULE)


def test_an_empty_object(session: str, bucket: storage.Bucket) -> None:
    assert put(session, b"", "bytes */0").json()["size"] == "0"
    assert bucket.blob("x").download_as_bytes() == b""


def test_only_whole_granules_of_an_unfinished_chunk_are_kept(session: str) -> None:
    sent = put(session, b"a" * (GRANULE + 100), f"bytes 0-{GRANULE + 99}/*")
    assert sent.headers["Range"] == f"bytes=0-{GRANULE - 1}"
    assert "Range" not in put(start_again(session), b"a" * 100, "bytes 0-99/*").headers


def start_again(session: str) -> str:
    response = requests.post(session.split("&upload_id=")[0], json={}, headers=owner.HEADERS, timeout=10)
    return response.headers["Location"]


def test_a_gap_is_refused_and_harms_nothing(session: str) -> None:
    gap = put(session, b"b" * 10, f"bytes {GRANULE}-{GRANULE + 9}/{GRANULE + 10}")
    assert gap.status_code == 503
    assert "exceeds already uploaded size of 0" in gap.json()["error"]["message"]
    assert put(session, b"hello", "bytes 0-4/5").status_code == 200


def test_bytes_sent_twice_are_taken_once(session: str, bucket: storage.Bucket) -> None:
    data = os.urandom(2 * GRANULE + 9)
    put(session, data[:GRANULE], f"bytes 0-{GRANULE - 1}/*")
    put(session, data, f"bytes 0-{len(data) - 1}/{len(data)}")
    assert bucket.blob("x").download_as_bytes() == data


@pytest.mark.parametrize("content_range", ["bytes 5-4/10", "bytes 0-9/5", "items 0-4/5", "bytes 0-4", "bytes 0-9/10"])
def test_a_content_range_that_makes_no_sense_is_refused(session: str, content_range: str) -> None:
    assert put(session, b"hello", content_range).status_code == 400


def test_a_cancelled_upload_is_gone(session: str, bucket: storage.Bucket) -> None:
    put(session, b"a" * GRANULE, f"bytes 0-{GRANULE - 1}/*")
    assert requests.delete(session, timeout=10).status_code == 499
    assert put(session, b"", "bytes */*").status_code == 499
    assert not bucket.blob("x").exists()


def test_the_last_chunk_sent_twice_at_once_makes_one_object(session: str) -> None:
    data = os.urandom(2_000_000)
    whole = f"bytes 0-{len(data) - 1}/{len(data)}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: put(session, data, whole), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["generation"] for answer in answers}) == 1


def test_an_unknown_session_is_not_found(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&upload_id=unknown"
    assert emulator.call("PUT", path, data=b"x").status_code == 404


def test_preconditions_hold_at_the_start_and_at_the_end(emulator: Emulator, bucket: storage.Bucket) -> None:
    session = start(emulator, bucket, ifGenerationMatch=0)
    bucket.blob("x").upload_from_string(b"first")
    assert put(session, b"second", "bytes 0-5/6").status_code == 412
    assert bucket.blob("x").download_as_bytes() == b"first"
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=x&ifGenerationMatch=0"
    assert emulator.call("POST", path, json={}).status_code == 412


def test_a_wrong_checksum_at_the_end_is_refused(session: str, bucket: storage.Bucket) -> None:
    headers = {"Content-Range": "bytes 0-4/5", "x-goog-hash": "crc32c=AAAAAA=="}
    assert requests.put(session, data=b"hello", headers=headers, timeout=10).status_code == 400
    assert not bucket.blob("x").exists()


def test_a_session_expires_after_a_week(own_emulator: Emulator) -> None:
    session = start(own_emulator, own_emulator.client().create_bucket("media"))
    own_emulator.advance(days=6.9)
    assert put(session, b"", "bytes */*").status_code == 308
    own_emulator.advance(days=0.2)
    assert put(session, b"", "bytes */*").status_code == 404


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(1, 700_000), st.booleans(), st.integers(0, 300_000)), max_size=5), st.integers(0, 99)
)
def test_any_cut_into_chunks_arrives_whole(
    emulator: Emulator, client: storage.Client, cuts: list[tuple[int, bool, int]], tail: int
) -> None:
    """Chunks of any length, some sent again from further back: the answer's Range always says where to go on."""
    if not any(each.name == "chunked" for each in client.list_buckets()):
        client.create_bucket("chunked")
    data = os.urandom(sum(length for length, _, _ in cuts) + tail)
    bucket = client.bucket("chunked")
    session = start(emulator, bucket, name=(name := uuid.uuid4().hex))
    offset = 0
    for length, again, back in cuts:
        first = max(0, offset - back) if again else offset
        chunk = data[first : first + length]
        if first + len(chunk) >= len(data):
            break
        answer = put(session, chunk, f"bytes {first}-{first + len(chunk) - 1}/*")
        assert answer.status_code == 308
        reached = int(answer.headers["Range"].rpartition("-")[2]) + 1 if "Range" in answer.headers else 0
        assert reached == max(offset, (first + len(chunk)) // GRANULE * GRANULE)
        offset = reached
    last = f"bytes {offset}-{len(data) - 1}/{len(data)}" if offset < len(data) else f"bytes */{len(data)}"
    assert put(session, data[offset:], last).json()["size"] == str(len(data))
    assert bucket.blob(name).download_as_bytes() == data
