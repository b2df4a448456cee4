"""The API with streams that are stored."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contract.functions.world import SESSION, World
from tests.unit.sampling.clips import segment, still
from werkzeug.test import TestResponse

from front.api.handlers import streams
from pipeline.cloud import objects
from pipeline.documents.control import stream_keys
from pipeline.domain import names
from pipeline.domain.errors import Unauthorized
from pipeline.imports.settings import uploads_bucket

KEY = {"Authorization": "Bearer admin-key-for-tests"}
EMPTY = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
UNSAID = {"kinds": [], "providers": {}, "threshold": {}, "brands": [], "sampling": {}, "speech": {}, "words": {}}


def call(world: World, method: str, path: str, body: Any = None) -> TestResponse:
    return world.api().open(path, method=method, headers=KEY, json=body)


def test_a_created_stream_has_a_key_that_works_and_is_never_shown_again(world: World) -> None:
    response = call(
        world, "POST", "/streams", {"id": "created", "name": " Shop window ", "settings": {"kinds": ["logo"]}}
    )
    assert response.status_code == 201
    told = response.get_json()
    assert told["stream"]["id"] == "created"
    assert told["stream"]["name"] == "Shop window"
    assert told["stream"]["state"] == "idle"
    assert told["stream"]["settings"] == {**UNSAID, "kinds": ["logo"]}
    assert told["ingest_url"] == "http://ingest.test/streams/created"
    assert response.headers["Location"] == "/api/streams/created"
    stream_keys.authenticate("created", told["key"])
    with pytest.raises(Unauthorized):
        stream_keys.authenticate("created", told["key"] + "x")
    for path in ("/streams/created", "/streams?limit=1000"):
        assert told["key"] not in call(world, "GET", path).get_data(as_text=True)
    assert told["key"] not in str(world.control.document("keys/created").get().to_dict())


def test_a_stream_names_the_addresses_that_take_its_video_and_its_playlists(world: World) -> None:
    stream = world.stream("addressed")
    told = world.api().get(f"/streams/{stream}", headers=KEY).get_json()["stream"]
    assert told["addresses"] == {
        "http": "http://ingest.test/streams/addressed",
        "websocket": "ws://ingest.test/streams/addressed/live",
        "hls": "http://ingest.test/streams/addressed/live.m3u8",
        "rtmp": "rtmp://relay.test/live",
    }
    assert told["playlists"] is None
    world.db.document(names.stream_path(stream)).update({"session": SESSION})
    objects.write_playlist(names.live_playlist(stream, SESSION), EMPTY)
    playlists = world.api().get(f"/streams/{stream}", headers=KEY).get_json()["stream"]["playlists"]
    grant = world.api().post(f"/streams/{stream}/grants", headers=KEY).get_json()["grant"]["url"]
    found = world.front.test_client().get(f"{grant}{playlists['live']}")
    assert (found.status_code, found.text) == (200, EMPTY)


def test_a_stream_without_an_id_gets_one_from_its_name(world: World) -> None:
    stream = call(world, "POST", "/streams", {"name": "Café & Bar, 1. Stock!"}).get_json()["stream"]["id"]
    assert names.check_stream(stream).startswith("caf-bar-1-stock-")
    other = call(world, "POST", "/streams", {"name": "Café & Bar, 1. Stock!"}).get_json()["stream"]["id"]
    assert stream != other


def test_an_id_that_is_taken_is_a_conflict(world: World) -> None:
    assert call(world, "POST", "/streams", {"id": "already-taken", "name": "A"}).status_code == 201
    response = call(world, "POST", "/streams", {"id": "already-taken", "name": "B"})
    assert response.status_code == 409
    assert "is taken" in response.get_json()["detail"]


def test_the_list_comes_in_pages(world: World) -> None:
    for index in range(5):
        call(world, "POST", "/streams", {"id": f"page-{index}", "name": "P"})
    found, after, pages = list[str](), "page", 0
    while after:
        page = call(world, "GET", f"/streams?limit=2&after={after}").get_json()
        found += [stream["id"] for stream in page["streams"]]
        after, pages = page["next"], pages + 1
    mine = [stream for stream in found if stream.startswith("page-")]
    assert mine == [f"page-{index}" for index in range(5)]
    assert pages >= 3


def test_a_stream_is_read_and_changed_and_what_is_not_named_stays(world: World) -> None:
    call(world, "POST", "/streams", {"id": "changing", "name": "Old", "settings": {"threshold": {"logo": 0.7}}})
    changed = call(world, "PATCH", "/streams/changing", {"name": "New"}).get_json()["stream"]
    assert (changed["name"], changed["settings"]["threshold"]) == ("New", {"logo": 0.7})
    call(world, "PATCH", "/streams/changing", {"settings": {"brands": ["nike"]}})
    stream = call(world, "GET", "/streams/changing").get_json()["stream"]
    assert (stream["name"], stream["settings"]) == ("New", {**UNSAID, "brands": ["nike"]})
    assert stream["created"]


def test_of_two_changes_side_by_side_neither_is_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    call(world, "POST", "/streams", {"id": "both", "name": "Old"})
    checked = streams._check_audience  # between what the first change reads and what it writes
    other = iter([{"settings": {"brands": ["nike"]}}])

    def check(*arguments: Any) -> None:
        checked(*arguments)
        if change := next(other, None):
            assert call(world, "PATCH", "/streams/both", change).status_code == 200

    monkeypatch.setattr(streams, "_check_audience", check)
    shown = call(world, "PATCH", "/streams/both", {"name": "New"}).get_json()["stream"]
    assert (shown["name"], shown["settings"]["brands"]) == ("New", ["nike"])


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_stream_that_is_not_there_is_not_found(world: World, method: str) -> None:
    response = call(world, method, "/streams/absent", {} if method == "PATCH" else None)
    assert response.status_code == 404
    assert "absent" in response.get_json()["detail"]


def test_a_deleted_stream_leaves_nothing_and_others_stay(world: World) -> None:
    for stream in ("doomed", "doomed-not"):
        world.stream(stream)
        assert world.deliver("sample", world.put_segment(stream, 0, segment(still(1, 50)))) == 200
        world.bucket.blob(names.staged_object(stream, "a.ts")).upload_from_string("")
        uploads_bucket().blob(f"uploads/{stream}/film.mp4").upload_from_string("")
    assert call(world, "DELETE", "/streams/doomed").status_code == 204
    left = [name for prefix in ("segments", "frames", "staging") for name in world.stored(f"{prefix}/doomed")]
    assert len(left) == 3
    assert all("/doomed-not/" in name for name in left)
    assert [blob.name for blob in uploads_bucket().list_blobs(prefix="uploads/doomed")] == [
        "uploads/doomed-not/film.mp4"
    ]
    assert world.frames("doomed") == {}
    assert world.segment("doomed", 0) is None
    assert not world.control.document("keys/doomed").get().exists
    assert world.frames("doomed-not") != {}
    assert call(world, "GET", "/streams/doomed").status_code == 404
    assert call(world, "POST", "/streams", {"id": "doomed", "name": "Again"}).status_code == 201
