"""Who gets an identity token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from google.auth.exceptions import DefaultCredentialsError

from pipeline.detection.service import id_token
from pipeline.detection.settings import detection
from pipeline.domain.errors import Unavailable


@dataclass
class Credentials:
    token: str = ""
    valid: bool = False
    refreshed: int = 0

    def refresh(self, request: Any) -> None:
        self.refreshed += 1
        self.token, self.valid = f"token-{self.refreshed}", True


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> dict[str, Credentials]:
    known: dict[str, Credentials] = {}
    monkeypatch.setattr(id_token, "_credentials", lambda audience: known.setdefault(audience, Credentials()))
    return known


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.5:8080",
        "http://127.0.0.1:1",
        "https://clip.example",
        "http://a.run.app",
        "https://run.app.evil.example",
    ],
)
def test_other_machines_get_none(place: str, fetched: dict[str, Credentials]) -> None:
    assert id_token.headers(place) == {}
    assert fetched == {}


def test_cloud_run_gets_one_for_its_own_address_kept_until_it_expires(fetched: dict[str, Credentials]) -> None:
    place = "https://clip-abc-ew.a.run.app"
    assert id_token.headers(place) == id_token.headers(place) == {"Authorization": "Bearer token-1"}
    assert list(fetched) == [place]
    fetched[place].valid = False
    assert id_token.headers(place) == {"Authorization": "Bearer token-2"}


def test_without_an_account_the_call_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(audience: str) -> Credentials:
        raise DefaultCredentialsError("none")

    monkeypatch.setattr(id_token, "_credentials", none)
    with pytest.raises(Unavailable, match="identity token"):
        id_token.headers("https://clip-abc-ew.a.run.app")


def test_the_key_goes_to_the_service_that_it_is_for_and_to_no_other(
    fetched: dict[str, Credentials], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_URL", "http://gpu.lan:8080/")
    monkeypatch.setenv("CLIP_KEY", "the-key")
    detection.cache_clear()
    try:
        assert id_token.headers("http://gpu.lan:8080") == {"Authorization": "Bearer the-key"}
        assert id_token.headers("http://gpu.lan:8081") == {}, "config/analysis may name any place"
        assert id_token.headers("https://a-1.run.app") == {"Authorization": "Bearer token-1"}
    finally:
        monkeypatch.undo()
        detection.cache_clear()
