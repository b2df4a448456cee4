"""V4 signed URLs, made by the unpatched client library and verified by the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from google.cloud import storage
from tests.contract.gcs.callers import hmac_url
from tests.contract.gcs.emulators import Emulator, running, signing_client

PAGE = "https://page.example"


@pytest.fixture(scope="module")
def signer(emulator: Emulator) -> storage.Client:
    return signing_client(emulator.url)


@pytest.fixture
def blob(signer: storage.Client, bucket: storage.Bucket) -> storage.Blob:
    blob = signer.bucket(bucket.name).blob("videos/a b+ü.mp4")
    bucket.blob(blob.name).upload_from_string(b"hello", content_type="video/mp4")
    return blob


def sign(blob: storage.Blob, method: str = "GET", seconds: int = 60, **options: Any) -> str:
    return blob.generate_signed_url(version="v4", method=method, expiration=timedelta(seconds=seconds), **options)


def refused(response: requests.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/xml; charset=UTF-8"
    return response.status_code, response.text.partition("<Code>")[2].partition("</Code>")[0]


def test_a_signed_download_and_upload(blob: storage.Blob) -> None:
    assert requests.get(sign(blob), timeout=60).content == b"hello"
    assert requests.head(sign(blob, "HEAD"), timeout=60).status_code == 200
    url = sign(blob, "PUT", content_type="video/mp4", headers={"x-goog-meta-by": "browser"})
    headers = {"Content-Type": "video/mp4", "x-goog-meta-by": "browser"}
    assert requests.put(url, data=b"new", headers=headers, timeout=60).status_code == 200
    assert requests.get(sign(blob), timeout=60).headers["x-goog-meta-by"] == "browser"
    assert requests.delete(sign(blob, "DELETE"), timeout=60).status_code == 204


def test_query_parameters_are_signed_too(blob: storage.Blob) -> None:
    url = sign(blob, response_disposition='attachment; filename="a b.mp4"', response_type="text/plain")
    response = requests.get(url, timeout=60)
    assert response.headers["Content-Disposition"] == 'attachment; filename="a b.mp4"'
    assert response.headers["Content-Type"] == "text/plain"
    assert refused(requests.get(url.replace("text%2Fplain", "text%2Fhtml"), timeout=60)) == (
        403,
        "SignatureDoesNotMatch",
    )


def test_what_was_altered_is_refused(blob: storage.Blob) -> None:
    url = sign(blob)
    for altered in (
        url.replace("videos/", "secret/"),
        url.replace("X-Goog-Expires=60", "X-Goog-Expires=600"),
        url + "&more=1",
        url[:-4] + ("0000" if not url.endswith("0000") else "1111"),
        url[:-4] + "zzzz",
    ):
        assert refused(requests.get(altered, timeout=60)) == (403, "SignatureDoesNotMatch")
    assert refused(requests.put(url, data=b"x", timeout=60)) == (403, "SignatureDoesNotMatch")
    wrong_type = requests.put(sign(blob, "PUT", content_type="video/mp4"), data=b"x", timeout=60)
    assert refused(wrong_type) == (400, "MalformedSecurityHeader")
    response = requests.get(url.replace("videos/", "secret/"), timeout=60)
    assert "<StringToSign>GOOG4-RSA-SHA256" in response.text
    assert "<CanonicalRequest>GET" in response.text


def test_a_header_of_googles_that_is_not_signed_is_refused(blob: storage.Blob) -> None:
    response = requests.put(sign(blob, "PUT"), data=b"x", headers={"x-goog-meta-a": "1"}, timeout=60)
    assert refused(response) == (400, "MalformedSecurityHeader")


def test_what_has_expired_is_refused(own_emulator: Emulator) -> None:
    client = signing_client(own_emulator.url)
    bucket = own_emulator.client().create_bucket("media")
    bucket.blob("x").upload_from_string(b"x")
    url = sign(client.bucket("media").blob("x"), seconds=3600)
    assert requests.get(url, timeout=60).status_code == 200
    own_emulator.advance(days=1 / 24)
    # Google's documentation: ExpiredToken is a 400.
    assert refused(requests.get(url, timeout=60)) == (400, "ExpiredToken")


@pytest.mark.parametrize("missing", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders"])
def test_an_incomplete_signature_is_refused(blob: storage.Blob, missing: str) -> None:
    path, _, query = sign(blob).partition("?")
    left = "&".join(pair for pair in query.split("&") if not pair.startswith(f"X-Goog-{missing}="))
    assert refused(requests.get(f"{path}?{left}", timeout=60)) == (400, "MalformedSecurityHeader")


def test_a_signer_nobody_knows_is_refused(blob: storage.Blob) -> None:
    url = sign(blob).replace("emulator%40", "stranger%40")
    assert refused(requests.get(url, timeout=60)) == (403, "InvalidSecurity")


def test_v2_signatures_are_not_done(blob: storage.Blob) -> None:
    url = blob.generate_signed_url(version="v2", expiration=datetime.now(UTC) + timedelta(hours=1))
    assert refused(requests.get(url, timeout=60)) == (400, "NotImplemented")


def test_the_size_of_a_signed_upload_can_be_bounded(blob: storage.Blob) -> None:
    headers = {"x-goog-content-length-range": "2,4"}
    url = sign(blob, "PUT", headers=headers)
    assert refused(requests.put(url, data=b"12345", headers=headers, timeout=60)) == (400, "EntityTooLarge")
    assert refused(requests.put(url, data=b"1", headers=headers, timeout=60)) == (400, "EntityTooSmall")
    assert requests.put(url, data=b"123", headers=headers, timeout=60).status_code == 200


def test_the_size_of_a_signed_session_can_be_bounded(signer: storage.Client, bucket: storage.Bucket) -> None:
    blob = signer.bucket(bucket.name).blob("bounded")
    headers = {"x-goog-content-length-range": "2,4"}
    url = sign(blob, "RESUMABLE", headers=headers)

    def put(data: bytes, content_range: str | None = None) -> requests.Response:
        started = requests.post(url, headers={"x-goog-resumable": "start", **headers}, timeout=60)
        ranged = {"Content-Range": content_range} if content_range else {}
        return requests.put(started.headers["Location"], data=data, headers=ranged, timeout=60)

    assert refused(put(b"12345")) == (400, "EntityTooLarge")
    assert refused(put(b"12345", "bytes 0-4/5")) == (400, "EntityTooLarge")
    assert refused(put(b"1" * (256 << 10), "bytes 0-262143/*")) == (400, "EntityTooLarge")
    assert refused(put(b"1")) == (400, "EntityTooSmall")
    assert not bucket.blob(blob.name).exists()
    assert put(b"123").status_code == 200


def test_of_sessions_that_must_make_a_new_object_one_does(signer: storage.Client, bucket: storage.Bucket) -> None:
    blob = signer.bucket(bucket.name).blob("new")
    headers = {"x-goog-if-generation-match": "0"}
    url = sign(blob, "RESUMABLE", headers=headers)
    start = {"x-goog-resumable": "start", **headers}
    one, two = (requests.post(url, headers=start, timeout=60).headers["Location"] for _ in range(2))
    assert [requests.put(each, data=b"x", timeout=60).status_code for each in (one, two)] == [200, 412]
    assert refused(requests.post(url, headers={"x-goog-resumable": "start"}, timeout=60))[0] == 400


def test_a_browser_uploads_by_a_signed_resumable_session(
    emulator: Emulator, bucket: storage.Bucket, blob: storage.Blob
) -> None:
    bucket.cors = [
        {"origin": [PAGE], "method": ["POST", "PUT"], "responseHeader": ["Location", "Range", "x-goog-resumable"]}
    ]
    bucket.patch()
    url = sign(blob, "RESUMABLE", content_type="video/mp4")
    headers = {"x-goog-resumable": "start", "Content-Type": "video/mp4", "Origin": PAGE}
    started = requests.post(url, headers=headers, timeout=60)
    assert started.status_code == 201
    assert "Location" in started.headers["Access-Control-Expose-Headers"]
    session = started.headers["Location"]
    assert session.startswith(f"{emulator.url}/{bucket.name}/videos/a%20b%2B%C3%BC.mp4?upload_id=")
    granule = 256 * 1024
    first = requests.put(
        session,
        data=b"a" * granule,
        headers={"Content-Range": f"bytes 0-{granule - 1}/{granule + 5}", "Origin": PAGE},
        timeout=5,
    )
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{granule - 1}")
    assert first.headers["Access-Control-Allow-Origin"] == PAGE
    asked = requests.put(session, headers={"Content-Range": f"bytes */{granule + 5}"}, timeout=60)
    assert (asked.status_code, asked.headers["Range"]) == (308, f"bytes=0-{granule - 1}")
    last_range = {"Content-Range": f"bytes {granule}-{granule + 4}/{granule + 5}"}
    done = requests.put(session, data=b"bbbbb", headers=last_range, timeout=60)
    assert (done.status_code, done.content) == (200, b"")
    stored = bucket.get_blob(blob.name)
    assert (stored.size, stored.content_type) == (granule + 5, "video/mp4")
    assert done.headers["x-goog-generation"] == str(stored.generation)


def test_a_signed_session_can_be_cancelled(blob: storage.Blob) -> None:
    started = requests.post(sign(blob, "RESUMABLE"), headers={"x-goog-resumable": "start"}, timeout=60)
    session = started.headers["Location"]
    assert requests.delete(session, timeout=60).status_code == 499
    assert requests.put(session, data=b"x", timeout=60).status_code == 499


def test_hmac_keys_sign_too(emulator: Emulator, client: storage.Client, blob: storage.Blob) -> None:
    key, secret = client.create_hmac_key("someone@test-project.iam.gserviceaccount.com", project_id="test-project")
    url = hmac_url(emulator.url, f"/{blob.bucket.name}/{quote(str(blob.name))}", str(key.access_id), secret)
    assert requests.get(url, timeout=60).content == b"hello"
    assert refused(requests.get(url + "0", timeout=60)) == (403, "SignatureDoesNotMatch")


@pytest.fixture
def key_file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "key.json"


def test_a_key_file_outlives_the_process(key_file: Path) -> None:
    with running("--memory", "--key-file", str(key_file)) as first:
        url = sign(signing_client(first.url).bucket("media").blob("x"))
        port = int(first.url.rpartition(":")[2])
    assert key_file.stat().st_mode & 0o77 == 0
    with running("--memory", "--key-file", str(key_file), port=port) as again:
        again.client().create_bucket("media").blob("x").upload_from_string(b"x")
        assert requests.get(url, timeout=60).content == b"x"


def test_the_key_of_another_account_can_be_trusted(emulator: Emulator, key_file: Path) -> None:
    account = requests.get(f"{emulator.url}/_emulator/serviceAccount", timeout=60).text
    key_file.write_text(account.replace("emulator@", "uploader@"))
    with running("--memory", "--trust", str(key_file)) as other:
        from google.oauth2 import service_account

        credentials = service_account.Credentials.from_service_account_file(str(key_file))
        client = storage.Client("p", credentials, client_options={"api_endpoint": other.url})
        other.client().create_bucket("media").blob("x").upload_from_string(b"x")
        assert requests.get(sign(client.bucket("media").blob("x")), timeout=60).content == b"x"


def test_clients_that_insist_on_a_token_get_one(signer: storage.Client, bucket: storage.Bucket) -> None:
    assert signer.get_bucket(bucket.name).name == bucket.name
