"""Callers of the emulator: accounts with tokens, their roles in a bucket, and an HMAC signature."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from google.cloud import storage
from google.oauth2.credentials import Credentials
from tests.contract.gcs.emulators import Emulator

OWNER = "owner@test-project.iam.gserviceaccount.com"
SAMPLE = "sample@test-project.iam.gserviceaccount.com"


def hmac_url(base: str, path: str, access_id: str, secret: str) -> str:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/auto/storage/goog4_request"
    query = (
        f"X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential={quote(f'{access_id}/{scope}', safe='')}"
        f"&X-Goog-Date={now}&X-Goog-Expires=60&X-Goog-SignedHeaders=host"
    )
    canonical = f"GET\n{path}\n{query}\nhost:{base.removeprefix('http://')}\n\nhost\nUNSIGNED-PAYLOAD"
    to_sign = f"GOOG4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"GOOG4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return f"{base}{path}?{query}&X-Goog-Signature={hmac.digest(key, to_sign.encode(), 'sha256').hex()}"


def token_of(emulator: Emulator, account: str) -> str:
    path = f"/_metadata/{account}/computeMetadata/v1/instance/service-accounts/default/token"
    answer = emulator.call("GET", path, headers={"Metadata-Flavor": "Google"})
    assert answer.json()["token_type"] == "Bearer"
    return answer.json()["access_token"]


def client_of(emulator: Emulator, account: str) -> storage.Client:
    credentials = Credentials(token_of(emulator, account))
    return storage.Client("test-project", credentials, client_options={"api_endpoint": emulator.url})


def grant(bucket: storage.Bucket, *bindings: dict[str, Any]) -> None:
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.version = 3
    policy.bindings = [*bindings]
    bucket.set_iam_policy(policy)


def to_sample(role: str, **condition: str) -> dict[str, Any]:
    found: dict[str, Any] = {"role": f"roles/storage.{role}", "members": {f"serviceAccount:{SAMPLE}"}}
    return found | ({"condition": condition} if condition else {})
