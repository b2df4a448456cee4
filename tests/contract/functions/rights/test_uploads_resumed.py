"""An upload that was interrupted goes on for the one who began it, and for no one else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from tests.contract.functions import people
from tests.contract.functions.world import World

from pipeline.cloud import clients, resumable
from pipeline.documents.control import stream_keys
from pipeline.domain.errors import Unavailable
from pipeline.imports.settings import uploads, uploads_bucket

DATA = b"x" * (256 << 10) + b"the rest"
FILE = {
    "name": "film.mp4",
    "size": len(DATA),
    "content_type": "video/mp4",
    "fingerprint": hashlib.sha256(DATA).hexdigest(),
}
PAGE = {"Origin": "http://page.test"}


@pytest.fixture
def stream(world: World, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    uploads.cache_clear()
    uploads_bucket.cache_clear()
    yield world.stream(f"resumed-{hashlib.sha256(request.node.name.encode()).hexdigest()[:8]}")


def ask(world: World, stream: str, headers: dict[str, str], **changed: Any) -> tuple[int, dict[str, Any]]:
    answer = world.api().post(f"/streams/{stream}/uploads", json=FILE | changed, headers=headers | PAGE)
    return answer.status_code, (answer.get_json() or {}).get("upload", {})


def put(address: str, data: bytes, first: int = 0) -> requests.Response:
    said = f"bytes {first}-{first + len(data) - 1}/{len(DATA)}" if data else f"bytes */{len(DATA)}"
    return requests.put(address, data=data, headers={"Content-Range": said}, timeout=30)


def test_the_same_file_goes_on_where_storage_says_after_the_page_was_loaded_again(world: World, stream: str) -> None:
    maker = people.signed_in(people.member("operator", name="resumes"))
    status, begun = ask(world, stream, maker)
    assert status == 201
    assert put(begun["session"], DATA[: 256 << 10]).status_code == 308

    status, again = ask(world, stream, maker)

    assert status == 200
    assert (again["object"], again["session"]) == (begun["object"], begun["session"])
    assert put(again["session"], b"").headers["Range"] == f"bytes=0-{(256 << 10) - 1}"
    assert put(again["session"], DATA[256 << 10 :], 256 << 10).status_code == 200
    assert clients.storage_client().bucket("uploads").blob(begun["object"]).download_as_bytes() == DATA
    status, other = ask(world, stream, maker)
    assert status == 201, "that file is whole: this one is another upload"
    assert other["object"] != begun["object"]


def test_another_person_file_or_stream_begins_an_upload_of_its_own(world: World, stream: str) -> None:
    elsewhere = world.stream(f"{stream}-b")
    maker, other = (people.signed_in(people.member("operator", name=name)) for name in ("begins", "comes-too"))
    stream_keys.rotate(stream, "key-of-resumed")
    _, begun = ask(world, stream, maker)
    asked = [
        ask(world, stream, other),
        ask(world, stream, people.bearer("key-of-resumed")),
        ask(world, elsewhere, maker),
        ask(world, stream, maker, name="other.mp4"),
        ask(world, stream, maker, size=len(DATA) + 1),
        ask(world, stream, maker, fingerprint="0" * 64),
    ]
    assert [status for status, _ in asked] == [201] * len(asked)
    assert len({begun["session"], *(upload["session"] for _, upload in asked)}) == len(asked) + 1


def test_without_a_fingerprint_the_sender_begins_the_session_and_keeps_its_address(world: World, stream: str) -> None:
    maker = people.signed_in(people.member("operator", name="keeps"))
    for _ in range(2):
        status, upload = ask(world, stream, maker, fingerprint=None)
        assert (status, upload["session"]) == (201, None)


def test_an_upload_that_was_given_up_begins_again(world: World, stream: str) -> None:
    maker = people.signed_in(people.member("operator", name="gives-up"))
    _, begun = ask(world, stream, maker)
    assert requests.delete(begun["session"], timeout=30).status_code == 499
    status, again = ask(world, stream, maker)
    assert status == 201
    assert again["session"] != begun["session"]


def test_the_address_of_a_session_is_in_no_entry_of_the_audit(world: World, stream: str) -> None:
    _, begun = ask(world, stream, people.signed_in(people.member("operator", name="audited")))
    entries = json.dumps([one.to_dict() for one in world.db.collection("audit").stream()], default=str)
    assert begun["object"] in entries
    assert begun["session"] not in entries


def test_a_storage_that_does_not_answer_is_said_without_the_address() -> None:
    with pytest.raises(Unavailable, match="Cloud Storage does not answer") as told:
        resumable.goes_on("http://127.0.0.1:9/session?upload_id=secret", 5)
    assert "secret" not in f"{told.value!r} {told.value.__cause__!r}"


@pytest.mark.parametrize("fingerprint", ["", "0" * 63, "0" * 65, "G" * 64, "0" * 64 + "\n"])
def test_a_fingerprint_that_is_none_is_refused(world: World, stream: str, fingerprint: str) -> None:
    maker = people.signed_in(people.member("operator", name="wrong"))
    status, _ = ask(world, stream, maker, fingerprint=fingerprint)
    assert status == 400
