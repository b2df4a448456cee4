"""Lifecycle rules: each condition, and their effect when time passes."""

from __future__ import annotations

from typing import Any

import pytest
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator

from emulator.emulators.gcs.clock import DAY, parse_rfc3339, rfc3339
from emulator.emulators.gcs.lifecycle import due
from emulator.emulators.gcs.model import Content, StoredObject

NOW = parse_rfc3339("2026-03-10T12:00:00Z")


def stored(*, age: float = 0, noncurrent: float | None = None, **fields: Any) -> StoredObject:
    created = NOW - int(age * DAY)
    deleted = None if noncurrent is None else NOW - int(noncurrent * DAY)
    return StoredObject("b", "segments/a.ts", 1, 1, Content("", 0, "", ""), created, created, fields, deleted)


@pytest.mark.parametrize(
    "condition, version, newer, expected",
    [
        ({"age": 3}, stored(age=3), 0, True),
        ({"age": 3}, stored(age=2.99), 0, False),
        ({"age": 0}, stored(), 0, True),
        ({"createdBefore": "2026-03-10"}, stored(age=1), 0, True),
        ({"createdBefore": "2026-03-10"}, stored(age=0.1), 0, False),
        ({"isLive": True}, stored(), 0, True),
        ({"isLive": False}, stored(), 0, False),
        ({"isLive": False}, stored(noncurrent=1), 1, True),
        ({"numNewerVersions": 2}, stored(noncurrent=1), 2, True),
        ({"numNewerVersions": 2}, stored(noncurrent=1), 1, False),
        ({"daysSinceNoncurrentTime": 2}, stored(noncurrent=2), 1, True),
        ({"daysSinceNoncurrentTime": 2}, stored(age=9), 0, False),
        ({"noncurrentTimeBefore": "2026-03-10"}, stored(noncurrent=1), 1, True),
        ({"customTimeBefore": "2026-01-02"}, stored(customTime="2026-01-01T00:00:00Z"), 0, True),
        ({"customTimeBefore": "2026-01-02"}, stored(), 0, False),
        ({"daysSinceCustomTime": 1}, stored(customTime="2026-03-09T00:00:00Z"), 0, True),
        ({"matchesPrefix": ["frames/", "segments/"]}, stored(), 0, True),
        ({"matchesPrefix": ["frames/"]}, stored(), 0, False),
        ({"matchesSuffix": [".ts"]}, stored(), 0, True),
        ({"matchesStorageClass": ["STANDARD"]}, stored(), 0, True),
        ({"matchesStorageClass": ["NEARLINE"]}, stored(), 0, False),
        ({"age": 3, "matchesSuffix": [".jpg"]}, stored(age=9), 0, False),
        ({}, stored(age=9), 0, False),
    ],
)
def test_a_rule_applies_when_all_its_conditions_hold(
    condition: dict[str, Any], version: StoredObject, newer: int, expected: bool
) -> None:
    assert due([{"action": {"type": "Delete"}, "condition": condition}], version, NOW, newer) is expected


@pytest.mark.parametrize(
    "rule, status",
    [
        ({"action": {"type": "Delete"}, "condition": {"age": "old"}}, 400),
        ({"action": {"type": "Delete"}, "condition": {"createdBefore": "soon"}}, 400),
        ({"action": {"type": "Delete"}, "condition": {"unheardOf": 1}}, 400),
        ({"action": {"type": "SetStorageClass", "storageClass": "NEARLINE"}, "condition": {"age": 1}}, 400),
        ({"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}, 200),
    ],
)
def test_rules_without_sense_or_effect_are_refused(
    emulator: Emulator, bucket: storage.Bucket, rule: dict[str, Any], status: int
) -> None:
    response = emulator.call("PATCH", f"/storage/v1/b/{bucket.name}", json={"lifecycle": {"rule": [rule]}})
    assert response.status_code == status


def test_times_are_written_as_google_does() -> None:
    assert rfc3339(NOW) == "2026-03-10T12:00:00.000Z"
    assert rfc3339(NOW + 1, digits=6) == "2026-03-10T12:00:00.000001Z"


def test_objects_are_deleted_when_they_are_old_enough(own_emulator: Emulator) -> None:
    bucket = own_emulator.client().bucket("media")
    bucket.add_lifecycle_delete_rule(age=2, matches_prefix=["segments/"])
    bucket = own_emulator.client().create_bucket(bucket)
    for name in ("segments/a", "segments/b", "frames/a"):
        bucket.blob(name).upload_from_string(b"x")
    assert own_emulator.advance(days=1.9) == 0
    bucket.blob("segments/new").upload_from_string(b"x")
    assert own_emulator.advance(days=0.2) == 2
    assert [blob.name for blob in bucket.list_blobs()] == ["frames/a", "segments/new"]


def test_a_live_version_becomes_noncurrent_before_it_is_deleted(own_emulator: Emulator) -> None:
    client = own_emulator.client()
    bucket: storage.Bucket = client.bucket("media")
    bucket.versioning_enabled = True
    bucket.add_lifecycle_delete_rule(age=1, is_live=True)
    bucket.add_lifecycle_delete_rule(days_since_noncurrent_time=3)
    bucket = client.create_bucket(bucket)
    bucket.blob("x").upload_from_string(b"x")
    assert own_emulator.advance(days=1) == 1
    assert not list(bucket.list_blobs())
    assert len(list(bucket.list_blobs(versions=True))) == 1
    assert own_emulator.advance(days=3) == 1
    assert not list(bucket.list_blobs(versions=True))
