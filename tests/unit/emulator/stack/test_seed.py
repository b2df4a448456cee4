"""Seeding: each brand with its marks, and one change that running streams notice, after all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from emulator.errors import CallFailed
from emulator.sample.api import Api
from emulator.sample.seed import seed

GALLERY = {
    "acme": {"name": "Acme", "aliases": [], "files": ["a.png", "b.png"]},
    "nike": {"name": "Nike", "aliases": ["N"], "files": ["c.png"]},
}


class Asked:
    """An API that notes what it is asked, and has the brand `there` already."""

    def __init__(self, there: str = "") -> None:
        self.calls: list[tuple[str, Any]] = []
        self._there = there

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        self.calls.append((f"{method} {path}", body))
        if isinstance(body, dict) and body["id"] == self._there:
            raise CallFailed("it exists", 409)
        return {}


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    (folder / "marks.json").write_text(json.dumps(GALLERY))
    for name in "abc":
        (folder / f"{name}.png").write_bytes(name.encode())
    return tmp_path


@pytest.mark.parametrize("there", ["", "nike"])
def test_every_mark_is_sent_and_only_the_last_call_is_noticed_at_once(media: Path, there: str) -> None:
    api = Asked(there)
    assert seed(cast(Api, api), media) == 2
    *before, last = api.calls
    assert all(path.endswith("?notice=later") for path, _ in before)
    assert {body for _, body in before if isinstance(body, bytes)} == {b"a", b"b", b"c"}
    assert {body["id"] for _, body in before if isinstance(body, dict)} == {"acme", "nike"}
    assert last == ("POST /brands/nike/references", b"c")
