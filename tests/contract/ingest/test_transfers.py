"""Bytes to and from Cloud Storage with one request each, against the emulator."""

from __future__ import annotations

import gzip
import os
from typing import Any

import pytest
import requests
from google.api_core.exceptions import NotFound, PreconditionFailed
from google.api_core.retry import Retry
from google.cloud import storage
from tests.servers import free_port

from pipeline.cloud import clients, transfers

_ONCE = Retry(predicate=lambda _: False)


def insert(bucket: storage.Bucket, name: str, data: bytes, **options: object) -> None:
    settings: dict[str, object] = {"cache_control": "no-cache", "timeout": 20.0} | options
    transfers.insert(str(bucket.name), name, data, "video/mp2t", **settings)  # type: ignore[arg-type]


def test_an_object_has_what_was_given(bucket: storage.Bucket) -> None:
    data = os.urandom(3 << 20)

    insert(bucket, "t/ä b.ts", data, metadata={"media-time": "1.5", "who": "ö"}, generation=0)

    blob = bucket.get_blob("t/ä b.ts")
    assert blob and blob.generation
    assert (blob.content_type, blob.cache_control) == ("video/mp2t", "no-cache")
    assert blob.metadata == {"media-time": "1.5", "who": "ö"}
    assert transfers.read(str(bucket.name), "t/ä b.ts", blob.generation, 0, len(data) - 1, timeout=20) == data
    assert transfers.read(str(bucket.name), "t/ä b.ts", blob.generation, 5, 9, timeout=20) == data[5:10]


def test_an_object_that_is_there_is_not_replaced(bucket: storage.Bucket) -> None:
    insert(bucket, "t/once.ts", b"first", generation=0)
    with pytest.raises(PreconditionFailed):
        insert(bucket, "t/once.ts", b"second", generation=0)
    assert bucket.blob("t/once.ts").download_as_bytes() == b"first"
    insert(bucket, "t/once.ts", b"third")
    assert bucket.blob("t/once.ts").download_as_bytes() == b"third"


def test_bytes_that_are_stored_as_gzip_come_as_they_are(bucket: storage.Bucket) -> None:
    packed = gzip.compress(b"x" * 1000)
    blob = bucket.blob("t/packed.mp4")
    blob.content_encoding = "gzip"
    blob.upload_from_string(packed, "video/mp4")

    assert (
        transfers.read(str(bucket.name), "t/packed.mp4", int(blob.generation or 0), 0, len(packed) - 1, timeout=20)
        == packed
    )


def test_a_generation_that_is_gone_is_not_found(bucket: storage.Bucket) -> None:
    with pytest.raises(NotFound):
        transfers.read(str(bucket.name), "t/none.mp4", 1, 0, 9, timeout=20)


def test_without_an_answer_it_is_tried_again_as_told(bucket: storage.Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "_address", lambda: f"http://127.0.0.1:{free_port()}")
    with pytest.raises(requests.ConnectionError, match="did not answer"):
        insert(bucket, "t/away.ts", b"", retry=_ONCE)


def test_a_token_that_ended_before_its_time_is_replaced(bucket: storage.Bucket) -> None:
    account: Any = clients.storage_http()[1]
    account.token = "ended"

    insert(bucket, "t/renewed.ts", b"data", generation=0)

    assert bucket.blob("t/renewed.ts").download_as_bytes() == b"data"
