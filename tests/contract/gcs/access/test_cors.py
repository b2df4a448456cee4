"""Cross-origin headers: exactly as the bucket declares them, on every address of the bucket."""

from __future__ import annotations

import pytest
import requests
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator

PAGE = "https://page.example"
RULE = {
    "origin": [PAGE, "https://other.example"],
    "method": ["GET", "PUT"],
    "responseHeader": ["Content-Type", "x-goog-resumable"],
    "maxAgeSeconds": 600,
}


@pytest.fixture
def shared(bucket: storage.Bucket) -> storage.Bucket:
    bucket.cors = [RULE]
    bucket.patch()
    bucket.blob("x").upload_from_string(b"x")
    return bucket


def granted(response: requests.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control")}


def preflight(emulator: Emulator, path: str, method: str, origin: str = PAGE) -> dict[str, str]:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    response = emulator.call("OPTIONS", path, headers=headers)
    assert response.status_code == 200
    return granted(response)


def paths(bucket: storage.Bucket) -> list[str]:
    return [
        f"/{bucket.name}/x",
        f"/storage/v1/b/{bucket.name}/o/x?alt=media",
        f"/download/storage/v1/b/{bucket.name}/o/x?alt=media",
        f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=y",
    ]


def test_a_preflight_is_answered_as_declared(emulator: Emulator, shared: storage.Bucket) -> None:
    for path in paths(shared):
        assert preflight(emulator, path, "PUT") == {
            "access-control-allow-origin": PAGE,
            "access-control-allow-methods": "GET, PUT",
            "access-control-allow-headers": "Content-Type, x-goog-resumable",
            "access-control-max-age": "600",
        }


def test_the_actual_answer_names_the_origin_and_exposes_headers(emulator: Emulator, shared: storage.Bucket) -> None:
    for path in paths(shared)[:3]:
        response = emulator.call("GET", path, headers={"Origin": PAGE})
        assert granted(response) == {
            "access-control-allow-origin": PAGE,
            "access-control-expose-headers": "Content-Type, x-goog-resumable",
        }
        assert response.headers["Vary"] == "Origin"


def test_errors_too_can_be_read_by_the_page(emulator: Emulator, shared: storage.Bucket) -> None:
    response = emulator.call("GET", f"/{shared.name}/missing", headers={"Origin": PAGE})
    assert response.status_code == 404
    assert response.headers["Access-Control-Allow-Origin"] == PAGE


@pytest.mark.parametrize("origin, method", [("https://evil.example", "GET"), (PAGE, "DELETE"), (PAGE, "HEAD")])
def test_what_is_not_declared_gets_nothing(
    emulator: Emulator, shared: storage.Bucket, origin: str, method: str
) -> None:
    assert preflight(emulator, f"/{shared.name}/x", method, origin) == {}
    assert granted(emulator.call(method, f"/{shared.name}/x", headers={"Origin": origin})) == {}


def test_without_rules_or_without_an_origin_there_is_nothing(
    emulator: Emulator, bucket: storage.Bucket, shared: storage.Bucket
) -> None:
    assert granted(emulator.call("GET", f"/{shared.name}/x")) == {}
    bucket.cors = []
    bucket.patch()
    for path in paths(bucket):
        assert preflight(emulator, path, "GET") == {}
        assert granted(emulator.call("GET", path, headers={"Origin": PAGE})) == {}


def test_everybody_is_a_star(emulator: Emulator, bucket: storage.Bucket) -> None:
    bucket.cors = [{"origin": ["*"], "method": ["GET"]}]
    bucket.patch()
    response = emulator.call("GET", f"/{bucket.name}/x", headers={"Origin": PAGE})
    assert granted(response) == {"access-control-allow-origin": "*"}
    assert "Vary" not in response.headers


def test_the_first_rule_that_fits_decides(emulator: Emulator, bucket: storage.Bucket) -> None:
    bucket.cors = [
        {"origin": ["https://other.example"], "method": ["*"], "maxAgeSeconds": 1},
        {"origin": [PAGE], "method": ["POST"], "maxAgeSeconds": 2},
        {"origin": ["*"], "method": ["POST", "PUT"], "maxAgeSeconds": 3},
    ]
    bucket.patch()
    assert preflight(emulator, f"/{bucket.name}/x", "POST")["access-control-max-age"] == "2"
    assert preflight(emulator, f"/{bucket.name}/x", "PUT")["access-control-max-age"] == "3"


def test_a_rule_without_origins_or_methods_is_refused(emulator: Emulator, bucket: storage.Bucket) -> None:
    for rule in ({"origin": "*", "method": ["GET"]}, {"origin": ["*"]}, "rule"):
        assert emulator.call("PATCH", f"/storage/v1/b/{bucket.name}", json={"cors": [rule]}).status_code == 400
