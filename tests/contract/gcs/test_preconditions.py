"""Preconditions of every read and write, through the client library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator

Verb = Callable[[storage.Bucket, dict[str, Any]], object]
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


def failing(blob: storage.Blob) -> list[dict[str, Any]]:
    return [
        {"if_generation_match": blob.generation + 1},
        {"if_generation_match": 0},
        {"if_generation_not_match": blob.generation},
        {"if_metageneration_match": 99},
        {"if_metageneration_not_match": 1},
    ]


def holding(blob: storage.Blob) -> list[dict[str, Any]]:
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
