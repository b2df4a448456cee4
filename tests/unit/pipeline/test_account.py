"""The account of a process, from an emulator's metadata server."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from google.auth.exceptions import RefreshError

from pipeline.cloud import clients
from pipeline.cloud.account import LocalAccount, local_account

HOST = "127.0.0.1:1/_metadata/sample%40demo.test"


class Asked:
    """A transport that answers every request in the same way, and remembers them."""

    def __init__(self, status: int = 200, **token: Any) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._answer = SimpleNamespace(status=status, data=json.dumps(token).encode())

    def __call__(self, url: str, headers: dict[str, str], timeout: float) -> Any:
        self.requests.append((url, headers))
        return self._answer


def test_the_token_is_the_metadata_servers_and_is_renewed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCE_METADATA_HOST", HOST)
    account, transport = LocalAccount(), Asked(access_token="t", expires_in=3600)
    account.refresh(transport)
    path = "computeMetadata/v1/instance/service-accounts/default/token"
    assert transport.requests == [(f"http://{HOST}/{path}", {"Metadata-Flavor": "Google"})]
    assert (account.token, account.valid) == ("t", True)
    left = account.expiry - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_a_metadata_server_that_gives_no_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCE_METADATA_HOST", HOST)
    with pytest.raises(RefreshError, match=f"{HOST} gave no token: 404"):
        LocalAccount().refresh(Asked(404))


def test_in_the_cloud_the_library_finds_the_account_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GCE_METADATA_HOST", raising=False)
    assert local_account() is None


def test_the_storage_client_is_never_anonymous_beside_a_metadata_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where STORAGE_EMULATOR_HOST is set the library would be, and the developer's own credentials stay away."""
    monkeypatch.setenv("GCE_METADATA_HOST", HOST)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
    for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET"):
        monkeypatch.setenv(name, "p")
    clients.forget()
    try:
        assert isinstance(clients.storage_client()._credentials, LocalAccount)
    finally:
        clients.forget()
