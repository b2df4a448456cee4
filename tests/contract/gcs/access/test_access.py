"""Who may do what: tokens of the metadata server, signatures, roles in a bucket, the owner, and everyone else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from google.api_core.exceptions import Forbidden, NotFound, PreconditionFailed
from google.cloud import storage
from google.oauth2.service_account import Credentials as KeyFile
from tests.contract.gcs.callers import OWNER, SAMPLE, client_of, grant, hmac_url, to_sample, token_of
from tests.contract.gcs.emulators import Emulator, running

NAME = "segments/a.ts"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Emulator]:
    with running("--memory", "--project", "test-project", "--owner", OWNER) as started:
        yield started


@pytest.fixture
def private(guarded: Emulator, request: pytest.FixtureRequest) -> storage.Bucket:
    """A bucket of which only the owner knows anything, with one object."""
    client = client_of(guarded, OWNER)
    bucket = client.bucket(f"b{abs(hash(request.node.name))}")
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    client.create_bucket(bucket)
    bucket.blob(NAME).upload_from_string(b"picture")
    return bucket


def test_an_unsigned_request_for_an_object_of_a_private_bucket_is_refused(
    guarded: Emulator, private: storage.Bucket
) -> None:
    bare = requests.get(f"{guarded.url}/{private.name}/{NAME}", timeout=60)
    assert bare.status_code == 403
    assert "<Code>AccessDenied</Code><Message>Access denied.</Message>" in bare.text
    assert "<Details>Anonymous caller does not have storage.objects.get access to the Google Cloud Stor" in bare.text
    path = f"/storage/v1/b/{private.name}/o/{NAME.replace('/', '%2F')}"
    json_api = guarded.call("GET", path + "?alt=media", headers=None)
    assert json_api.status_code == 401
    assert json_api.headers["WWW-Authenticate"].startswith("Bearer ")
    error = json_api.json()["error"]["errors"][0]
    assert (error["reason"], error["locationType"], error["location"]) == ("required", "header", "Authorization")
    assert guarded.call("GET", f"/storage/v1/b/{private.name}/o", headers=None).status_code == 401
    assert guarded.call("DELETE", path, headers=None).status_code == 401
    upload = f"/upload/storage/v1/b/{private.name}/o?uploadType=media&name=x"
    assert guarded.call("POST", upload, headers=None, data=b"x").status_code == 401


def test_a_token_that_is_not_this_emulators_is_refused(guarded: Emulator, private: storage.Bucket) -> None:
    token = token_of(guarded, OWNER)
    path = f"/storage/v1/b/{private.name}/o"
    assert guarded.call("GET", path, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    for bad in (f"Bearer {token[:-2]}AA", "Bearer ya29.made-up", f"Basic {token}", "Bearer "):
        refused = guarded.call("GET", path, headers={"Authorization": bad})
        assert (refused.status_code, refused.json()["error"]["message"]) == (401, "Invalid Credentials")


def test_an_account_may_what_its_roles_say_and_no_more(guarded: Emulator, private: storage.Bucket) -> None:
    bucket = client_of(guarded, SAMPLE).bucket(private.name)
    with pytest.raises(Forbidden, match=rf"{SAMPLE} does not have storage\.objects\.get access"):
        bucket.blob(NAME).download_as_bytes()
    grant(private, to_sample("objectViewer"), to_sample("objectCreator"))
    assert bucket.blob(NAME).download_as_bytes() == b"picture"
    assert [blob.name for blob in bucket.list_blobs()] == [NAME]
    bucket.blob("frames/1.jpg").upload_from_string(b"new")
    with pytest.raises(Forbidden, match=r"storage\.objects\.delete"):
        bucket.blob("frames/1.jpg").upload_from_string(b"again")
    with pytest.raises(Forbidden, match=r"storage\.objects\.delete"):
        bucket.blob(NAME).delete()
    with pytest.raises(Forbidden, match=r"storage\.objects\.update"):
        bucket.blob(NAME).patch()
    with pytest.raises(Forbidden, match=r"storage\.buckets\.get"):
        bucket.reload()
    with pytest.raises(Forbidden, match=r"storage\.buckets\.list"):
        list(client_of(guarded, SAMPLE).list_buckets())
    grant(private, to_sample("objectUser"))
    bucket.blob("frames/1.jpg").upload_from_string(b"again")
    bucket.blob("frames/1.jpg").delete()
    asked = ["storage.objects.get", "storage.objects.delete", "storage.buckets.delete"]
    assert bucket.test_iam_permissions(asked) == asked[:2]


def test_who_may_only_write_learns_nothing_of_what_there_is(guarded: Emulator, private: storage.Bucket) -> None:
    grant(private, to_sample("legacyObjectReader"))
    bucket = client_of(guarded, SAMPLE).bucket(private.name)
    assert bucket.blob(NAME).download_as_bytes() == b"picture"
    with pytest.raises(Forbidden, match="or it may not exist"):
        bucket.blob("missing").download_as_bytes()
    grant(private, to_sample("objectViewer"))
    with pytest.raises(NotFound):
        bucket.blob("missing").download_as_bytes()


def test_what_is_read_for_a_copy_and_written_by_it_are_asked_for_both(
    guarded: Emulator, private: storage.Bucket
) -> None:
    bucket = client_of(guarded, SAMPLE).bucket(private.name)
    for roles in (("objectViewer",), ("objectCreator",)):
        grant(private, *(to_sample(role) for role in roles))
        with pytest.raises(Forbidden):
            bucket.copy_blob(bucket.blob(NAME), bucket, "copy")
    grant(private, to_sample("objectViewer"), to_sample("objectCreator"))
    bucket.copy_blob(bucket.blob(NAME), bucket, "copy")


def test_what_may_create_and_read_can_neither_replace_nor_delete_such_as_a_frozen_report(
    guarded: Emulator, private: storage.Bucket
) -> None:
    """The rights of front in the bucket of frozen reports: tests/unit/infra/test_access.py."""
    grant(private, to_sample("objectViewer"), to_sample("objectCreator"))
    bucket = client_of(guarded, SAMPLE).bucket(private.name)
    report = bucket.blob("0123/report.json")
    report.upload_from_string(b"signed", if_generation_match=0)
    forged = bucket.blob("forged")
    forged.upload_from_string(b"forged")
    for change in (
        lambda: report.upload_from_string(b"forged"),
        lambda: bucket.copy_blob(forged, bucket, report.name),
        lambda: report.compose([forged]),
        report.delete,
        report.patch,
    ):
        with pytest.raises(Forbidden):
            change()
    assert report.download_as_bytes() == b"signed"


def test_a_condition_bounds_a_role_to_prefixes(guarded: Emulator, private: storage.Bucket) -> None:
    under = f'resource.name.startsWith("projects/_/buckets/{private.name}/objects/'
    expression = f'{under}playlists/") || {under}staging/")'
    grant(private, to_sample("objectUser", title="some", expression=expression), to_sample("objectCreator"))
    bucket = client_of(guarded, SAMPLE).bucket(private.name)
    for _ in range(2):
        bucket.blob("playlists/index.m3u8").upload_from_string(b"x")
    bucket.blob("staging/1").upload_from_string(b"x")
    bucket.blob("staging/1").delete()
    bucket.blob("segments/new.ts").upload_from_string(b"x")
    with pytest.raises(Forbidden, match=r"storage\.objects\.delete"):
        bucket.blob(NAME).upload_from_string(b"other")
    with pytest.raises(Forbidden, match=r"storage\.objects\.list"):
        list(bucket.list_blobs(prefix="playlists/"))


@pytest.mark.parametrize(
    ("binding", "version", "status", "said"),
    [
        ({"role": "roles/storage.objectViewer", "members": ["allUsers"]}, 1, 412, "public access prevention"),
        ({"role": "roles/storage.objectReader", "members": []}, 1, 400, "roles/storage.objectReader"),
        (
            {"role": "roles/storage.objectViewer", "members": [], "condition": {"expression": "request.time > 1"}},
            3,
            400,
            "request.time > 1",
        ),
        ({"role": "roles/storage.objectViewer", "members": [], "condition": {"expression": "x"}}, 1, 400, "version 3"),
    ],
)
def test_a_policy_that_google_would_refuse_is_refused(
    guarded: Emulator, private: storage.Bucket, binding: dict[str, Any], version: int, status: int, said: str
) -> None:
    headers = {"Authorization": f"Bearer {token_of(guarded, OWNER)}"}
    policy = {"bindings": [binding], "version": version}
    answer = guarded.call("PUT", f"/storage/v1/b/{private.name}/iam", json=policy, headers=headers)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


def test_all_users_may_read_where_the_policy_says_so_and_prevention_ends_that(
    guarded: Emulator, private: storage.Bucket
) -> None:
    url = f"{guarded.url}/{private.name}/{NAME}"
    public = {"role": "roles/storage.legacyObjectReader", "members": {"allUsers"}}
    with pytest.raises(PreconditionFailed):
        grant(private, public)
    private.iam_configuration.public_access_prevention = "inherited"
    private.patch()
    grant(private, public)
    assert requests.get(url, timeout=60).content == b"picture"
    assert requests.put(url, data=b"x", timeout=60).status_code == 403
    private.iam_configuration.public_access_prevention = "enforced"
    private.patch()
    assert requests.get(url, timeout=60).status_code == 403


def test_a_signature_carries_the_rights_of_its_signer(guarded: Emulator, private: storage.Bucket) -> None:
    headers = {"Authorization": f"Bearer {token_of(guarded, SAMPLE)}"}
    assert guarded.call("GET", "/_emulator/serviceAccount", headers=None).status_code == 401
    key = guarded.call("GET", "/_emulator/serviceAccount", headers=headers).json()
    assert key["client_email"] == SAMPLE
    client = storage.Client(
        "test-project", KeyFile.from_service_account_info(key), client_options={"api_endpoint": guarded.url}
    )
    url = client.bucket(private.name).blob(NAME).generate_signed_url(timedelta(minutes=5), version="v4")
    assert requests.get(url, timeout=60).status_code == 403
    grant(private, to_sample("objectViewer"))
    assert requests.get(url, timeout=60).content == b"picture"
    assert client.bucket(private.name).blob(NAME).download_as_bytes() == b"picture", "by a token for the key"


def test_an_hmac_keys_signature_carries_the_rights_of_the_keys_account(
    guarded: Emulator, private: storage.Bucket
) -> None:
    key, secret = client_of(guarded, OWNER).create_hmac_key(SAMPLE, project_id="test-project")
    url = hmac_url(guarded.url, f"/{private.name}/{NAME}", str(key.access_id), secret)
    assert requests.get(url, timeout=60).status_code == 403
    grant(private, to_sample("objectViewer"))
    assert requests.get(url, timeout=60).content == b"picture"
    with pytest.raises(Forbidden):
        client_of(guarded, SAMPLE).create_hmac_key(SAMPLE, project_id="test-project")


def test_a_session_of_a_resumable_upload_is_the_right_to_use_it(guarded: Emulator, private: storage.Bucket) -> None:
    grant(private, to_sample("objectCreator"))
    headers = {"Authorization": f"Bearer {token_of(guarded, SAMPLE)}"}
    path = f"/upload/storage/v1/b/{private.name}/o?uploadType=resumable&name="
    assert guarded.call("POST", path + "x", json={}, headers=None).status_code == 401
    assert guarded.call("POST", path + NAME, json={}, headers=headers).status_code == 403
    session = guarded.call("POST", path + "x", json={}, headers=headers).headers["Location"]
    assert requests.put(session, data=b"x", timeout=60).status_code == 200


def test_the_metadata_server_says_who_a_workload_is(guarded: Emulator) -> None:
    root = f"/_metadata/{SAMPLE}/computeMetadata/v1"
    flavor = {"Metadata-Flavor": "Google"}

    def said(path: str, headers: dict[str, str] = flavor) -> tuple[int, str]:
        answer = guarded.call("GET", f"{root}/{path}", headers=headers)
        assert answer.headers["Metadata-Flavor"] == "Google"
        return answer.status_code, answer.text

    assert said("instance/service-accounts/default/email") == (200, SAMPLE)
    assert said(f"instance/service-accounts/{SAMPLE}/email") == (200, SAMPLE)
    assert said(f"instance/service-accounts/{OWNER}/token")[0] == 404
    assert said("project/project-id") == (200, "test-project")
    assert said("instance/attributes/ssh-keys")[0] == 404
    assert said("instance/service-accounts/default/token", {})[0] == 403
    assert said("instance/service-accounts/default/token", {**flavor, "X-Forwarded-For": "192.0.2.1"})[0] == 403
    info = guarded.call("GET", f"{root}/instance/service-accounts/default/?recursive=true", headers=flavor)
    assert info.json()["email"] == SAMPLE
    from google.auth import jwt

    status, identity = said("instance/service-accounts/default/identity?audience=https://clip.test")
    claims = jwt.decode(identity, verify=False)
    assert (status, claims["aud"], claims["email"]) == (200, "https://clip.test", SAMPLE)
    assert said("instance/service-accounts/default/identity")[0] == 400


def test_tokens_outlive_a_restart(tmp_path: Any) -> None:
    options = ("--data", str(tmp_path), "--owner", OWNER)
    with running(*options) as first:
        client_of(first, OWNER).create_bucket("media")
        token, port = token_of(first, OWNER), int(first.url.rpartition(":")[2])
    with running(*options, port=port) as again:
        listed = again.call("GET", "/storage/v1/b?project=p", headers={"Authorization": f"Bearer {token}"})
        assert [bucket["name"] for bucket in listed.json()["items"]] == ["media"]


@pytest.mark.parametrize("host", ["rebind.example", "rebind.example:80", "127.0.0.1.rebind.example", "[::2]", "[bad"])
@pytest.mark.parametrize("path", ["/_emulator/serviceAccount", "/storage/v1/b?project=p", "/media/x"])
def test_a_page_whose_name_resolves_to_this_machine_reads_nothing(guarded: Emulator, host: str, path: str) -> None:
    assert guarded.call("GET", path, headers={"Host": host}).status_code in (400, 403)
    asked = {"Host": host, "Origin": "http://rebind.example", "Access-Control-Request-Method": "GET"}
    answer = guarded.call("OPTIONS", path, headers=asked)
    assert answer.status_code in (400, 403) and "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9000", "bucket.localhost", "[::1]:9000"])
def test_the_names_of_this_machine_are_answered(emulator: Emulator, host: str) -> None:
    assert emulator.call("GET", "/storage/v1/b?project=test-project", headers={"Host": host}).status_code == 200
