"""The callers that the emulators accept: each workload's declared account, the developer as the project's owner, and
the people of a demonstration, who may sign in."""

from __future__ import annotations

import json
from urllib.parse import quote

from .paths import PROJECT
from .rest import fetch

OWNER = f"developer@{PROJECT}.iam.gserviceaccount.com"
"""The person at this machine: the commands, the tests, and what `local-emulator env` sets up."""

PEOPLE = {role: f"{role}@demo.example" for role in ("viewer", "operator", "admin")}
"""The e-mail address of a person in each role; their accounts are there whenever the Auth emulator is."""
PASSWORD = "watch-the-demo"  # of all of them, on this machine only


def metadata_host(storage: str, account: str) -> str:
    """GCE_METADATA_HOST for `account`: its metadata server is served by the emulator of Cloud Storage (host:port)."""
    return f"{storage}/_metadata/{quote(account)}"


def owner_headers(storage: str) -> dict[str, str]:
    """The headers that make a request to the emulator of Cloud Storage the owner's, for an hour. Raises CallFailed."""
    return headers_of(storage, OWNER)


def headers_of(storage: str, account: str) -> dict[str, str]:
    """The same for any account."""
    host, _, path = metadata_host(storage, account).partition("/")
    token = f"/{path}/computeMetadata/v1/instance/service-accounts/default/token"
    answer = json.loads(fetch("GET", host, token, headers={"Metadata-Flavor": "Google"}))
    return {"Authorization": f"Bearer {answer['access_token']}"}
