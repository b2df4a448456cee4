"""Buckets through the client library."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator


def test_a_bucket_is_created_found_listed_and_deleted(client: storage.Client, bucket: storage.Bucket) -> None:
    found = client.get_bucket(bucket.name)
    assert (found.location, found.storage_class, found.metageneration) == ("US", "STANDARD", 1)
    assert found.time_created is not None
    assert bucket.name in [each.name for each in client.list_buckets()]
    bucket.delete()
    assert not bucket.exists()
    with pytest.raises(exceptions.NotFound, match="The specified bucket does not exist"):
        client.get_bucket(bucket.name)


def test_a_bucket_that_exists_is_not_created_again(client: storage.Client, bucket: storage.Bucket) -> None:
    with pytest.raises(exceptions.Conflict, match="you already own it"):
        client.create_bucket(bucket.name)


def test_a_bucket_that_holds_any_version_is_not_deleted(versioned: storage.Bucket) -> None:
    versioned.blob("kept").upload_from_string(b"1")
    versioned.delete_blob("kept")
    assert not list(versioned.list_blobs())
    with pytest.raises(exceptions.Conflict, match="not empty"):
        versioned.delete()
    [archived] = versioned.list_blobs(versions=True)
    archived.delete()
    versioned.delete()


@pytest.mark.parametrize("name", ["Upper", "a", "with space", "-dash", "google-mine"])
def test_a_name_no_bucket_may_have_is_refused(emulator: Emulator, name: str) -> None:
    response = emulator.call("POST", "/storage/v1/b?project=p", json={"name": name})
    assert response.status_code == 400
    assert "Invalid bucket name" in response.json()["error"]["message"]


def test_settings_are_kept_as_declared(client: storage.Client, bucket: storage.Bucket) -> None:
    bucket.versioning_enabled = True
    bucket.cors = [{"origin": ["*"], "method": ["GET"], "responseHeader": ["ETag"], "maxAgeSeconds": 60}]
    bucket.add_lifecycle_delete_rule(age=3)
    bucket.labels = {"team": "media"}
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.patch()
    found = client.get_bucket(bucket.name)
    assert found.versioning_enabled
    assert found.cors == bucket.cors
    assert list(found.lifecycle_rules) == [{"action": {"type": "Delete"}, "condition": {"age": 3}}]
    assert found.labels == {"team": "media"}
    assert found.iam_configuration.uniform_bucket_level_access_enabled
    assert found.metageneration == 2
    assert found.etag != client.bucket(bucket.name).etag


def test_patch_merges_and_update_replaces(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/storage/v1/b/{bucket.name}"
    emulator.call("PATCH", path, json={"labels": {"a": "1", "b": "2"}, "versioning": {"enabled": True}})
    patched = emulator.call("PATCH", path, json={"labels": {"a": None}}).json()
    assert patched["labels"] == {"b": "2"}
    assert patched["versioning"] == {"enabled": True}
    replaced = emulator.call("PUT", path, json={"labels": {"c": "3"}}).json()
    assert replaced["labels"] == {"c": "3"}
    assert "versioning" not in replaced


def test_a_metageneration_precondition_guards_changes(emulator: Emulator, bucket: storage.Bucket) -> None:
    path = f"/storage/v1/b/{bucket.name}"
    assert emulator.call("PATCH", f"{path}?ifMetagenerationMatch=9", json={"labels": {}}).status_code == 412
    assert emulator.call("GET", f"{path}?ifMetagenerationNotMatch=1").status_code == 304
    assert emulator.call("GET", f"{path}?ifMetagenerationMatch=2").status_code == 412
    assert emulator.call("DELETE", f"{path}?ifMetagenerationMatch=2").status_code == 412
    assert emulator.call("DELETE", f"{path}?ifMetagenerationMatch=1").status_code == 204


def test_buckets_are_listed_by_prefix_and_page(emulator: Emulator, client: storage.Client) -> None:
    for letter in "abc":
        client.create_bucket(f"paged-{letter}")
    assert [each.name for each in client.list_buckets(prefix="paged-", page_size=1)] == [
        "paged-a",
        "paged-b",
        "paged-c",
    ]
    first = emulator.call("GET", "/storage/v1/b?project=p&prefix=paged-&maxResults=2").json()
    assert [each["name"] for each in first["items"]] == ["paged-a", "paged-b"]
    assert first["nextPageToken"]


def test_iam_policies_are_kept_and_permissions_answered(bucket: storage.Bucket) -> None:
    policy = bucket.get_iam_policy()
    policy["roles/storage.objectViewer"] = {"allUsers"}
    bucket.set_iam_policy(policy)
    assert bucket.get_iam_policy()["roles/storage.objectViewer"] == {"allUsers"}
    assert bucket.test_iam_permissions(["storage.objects.get"]) == ["storage.objects.get"]


def test_a_policy_that_changed_meanwhile_is_not_overwritten(bucket: storage.Bucket) -> None:
    stale = bucket.get_iam_policy()
    bucket.set_iam_policy(bucket.get_iam_policy())
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.set_iam_policy(stale)


@pytest.mark.parametrize(
    "setting",
    [
        {"retentionPolicy": {"retentionPeriod": "1"}},
        {"billing": {"requesterPays": True}},
        {"encryption": {"defaultKmsKeyName": "k"}},
        {"hierarchicalNamespace": {"enabled": True}},
    ],
)
def test_a_setting_without_effect_here_is_refused_by_name(emulator: Emulator, setting: dict[str, object]) -> None:
    response = emulator.call("POST", "/storage/v1/b?project=p", json={"name": "refused-setting", **setting})
    assert response.status_code == 400
    assert next(iter(setting)) in response.json()["error"]["message"]
