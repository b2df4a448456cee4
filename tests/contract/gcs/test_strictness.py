"""What is declared and has no effect here is refused; nothing is dropped without a word."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator


def refusal(emulator: Emulator, path: str, body: dict[str, Any], method: str = "POST") -> tuple[int, str]:
    answer = emulator.call(method, path, json=body)
    return answer.status_code, answer.json().get("error", {}).get("message", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("defaultEventBasedHold", True),
        ("customPlacementConfig", {"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]}),
        ("softDeletePolicy", {"retentionDurationSeconds": "604800"}),
        ("objectRetention", {"mode": "Enabled"}),
        ("retentionPolicy", {"retentionPeriod": "60"}),
        ("hierarchicalNamespace", {"enabled": True}),
        ("logging", {"logBucket": "logs"}),
        ("rpo", "ASYNC_TURBO"),
        ("location", "EUR4"),
        ("autoclass", {"enabled": True}),
    ],
)
def test_a_bucket_setting_that_is_not_done_here_is_refused_by_name(
    emulator: Emulator, bucket: storage.Bucket, field: str, value: Any
) -> None:
    name = f"strict-{uuid.uuid4().hex[:12]}"
    status, message = refusal(emulator, "/storage/v1/b?project=p", {"name": name, field: value})
    assert status == 400
    assert field in message
    assert emulator.call("GET", f"/storage/v1/b/{name}").status_code == 404
    assert refusal(emulator, f"/storage/v1/b/{bucket.name}", {field: value}, "PATCH")[0] == 400


def test_a_bucket_with_object_retention_is_refused(emulator: Emulator) -> None:
    path = "/storage/v1/b?project=p&enableObjectRetention=true"
    assert refusal(emulator, path, {"name": f"strict-{uuid.uuid4().hex[:12]}"})[0] == 400


def test_settings_that_ask_for_nothing_are_taken(emulator: Emulator) -> None:
    name = f"strict-{uuid.uuid4().hex[:12]}"
    asked = {"name": name, "location": "europe-west1", "softDeletePolicy": {"retentionDurationSeconds": 0}}
    asked |= {"defaultEventBasedHold": False, "hierarchicalNamespace": {"enabled": False}, "rpo": "DEFAULT"}
    made = emulator.call("POST", "/storage/v1/b?project=p", json=asked).json()
    assert made["softDeletePolicy"]["retentionDurationSeconds"] == "0"
    assert (made["location"], made["locationType"]) == ("europe-west1", "region")


def test_a_field_that_no_resource_has_is_refused(emulator: Emulator, bucket: storage.Bucket) -> None:
    name = f"strict-{uuid.uuid4().hex[:12]}"
    expected = (400, 'Invalid JSON payload received. Unknown name "lifecylce" in the bucket: Cannot find field.')
    assert refusal(emulator, "/storage/v1/b?project=p", {"name": name, "lifecylce": {}}) == expected
    assert refusal(emulator, f"/storage/v1/b/{bucket.name}", {"lifecylce": {}}, "PATCH") == expected
    bucket.blob("a").upload_from_string(b"x")
    status, message = refusal(emulator, f"/storage/v1/b/{bucket.name}/o/a", {"contenttype": "x"}, "PATCH")
    assert (status, "contenttype" in message) == (400, True)
    start = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable"
    assert refusal(emulator, start, {"name": "b", "cache_control": "no-cache"})[0] == 400
    assert refusal(emulator, start, {"name": "b", "retention": {"mode": "Locked"}})[0] == 400
    config = {"topic": "//pubsub.googleapis.com/projects/p/topics/topic", "payload_format": "NONE", "prefix": "a/"}
    assert refusal(emulator, f"/storage/v1/b/{bucket.name}/notificationConfigs", config)[0] == 400


@pytest.mark.parametrize("hold", ["temporaryHold", "eventBasedHold"])
def test_a_hold_is_refused_by_name(emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob, hold: str) -> None:
    path = f"/storage/v1/b/{bucket.name}/o/{blob.name}"
    status, message = refusal(emulator, path, {hold: True}, "PATCH")
    assert (status, hold in message) == (400, True)


def test_what_the_service_says_may_be_sent_back(bucket: storage.Bucket, blob: storage.Blob) -> None:
    bucket.reload()
    bucket.update()
    blob.reload()
    blob.update()
    assert blob.content_type == "text/plain"


def test_the_client_library_sees_the_refusal(bucket: storage.Bucket) -> None:
    bucket.default_event_based_hold = True
    with pytest.raises(BadRequest, match="defaultEventBasedHold"):
        bucket.patch()


def test_an_object_that_is_written_more_than_once_a_second_is_counted(
    emulator: Emulator, bucket: storage.Bucket
) -> None:
    blob = bucket.blob("playlist")
    for _ in range(20):
        blob.upload_from_string(b"x")
    bucket.blob("other").upload_from_string(b"x")
    listed = emulator.call("GET", "/_emulator").json()["written too fast"]
    found = [each for each in listed if bucket.name in each["name"]]
    assert [(each["name"], each["writes"]) for each in found] == [(f"{bucket.name}/playlist", 20)]
