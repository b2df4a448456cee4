"""Segments that an external store announces: what is fetched, and what never is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest
from tests.contract.functions.described import check
from tests.contract.functions.served import Served, serve
from tests.contract.functions.world import STARTED, World
from tests.unit.sampling.clips import audio_only, segment, still
from werkzeug.test import TestResponse

from front.api.handlers import events as route
from pipeline.cloud import objects
from pipeline.documents import external_streams
from pipeline.domain import names
from pipeline.domain.errors import Conflict
from pipeline.domain.model import SegmentRef
from pipeline.external_segments import segments, signature
from pipeline.external_segments.settings import events
from pipeline.maintenance import announced as housekeeping
from pipeline.sessions import stored

SECRET = "secret-of-the-store"


@pytest.fixture(scope="module")
def store() -> Iterator[Served]:
    clip = segment(still(1, 50))
    files = {"/0.ts": clip, "/1.ts": clip, "/sound.ts": audio_only(), "/large": clip + bytes(2 << 20)}
    with serve(files, {"/moved": "http://127.0.0.1/latest/meta-data"}) as served:
        yield served


@pytest.fixture(autouse=True)
def setting(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def use(**changes: str) -> None:
        for name, value in changes.items():
            monkeypatch.setenv(f"EVENTS_{name}", value)
        events.cache_clear()

    use(SECRET=SECRET, HOSTS="127.0.0.1,.example", PRIVATE="true", MAX_MIB="1")
    yield use
    events.cache_clear()


def announce(world: World, url: str, stream: str = "outside", at: float = 0, **changes: Any) -> TestResponse:
    if not world.db.document(f"streams/{stream}").get().exists:
        world.stream(stream)
    given = {"stream": stream, "session": "s-1", "sequence": 0, "media_time": 0.0, "duration": 2.0, "url": url}
    data = json.dumps(given | {"program_date_time": STARTED.isoformat()} | changes).encode()
    now = str(int(time.time() + at))
    headers = {"X-Timestamp": now, "X-Signature": signature.sign(SECRET, now, data)}
    response = world.api().post("/events/segments", data=data, headers=headers)
    check("POST", "/events/segments", response)
    return response


def test_an_announced_segment_is_an_object_an_event_and_a_playlist(world: World, store: Served) -> None:
    for sequence in range(2):
        url = store.url(f"/{sequence}.ts?signature=hidden")
        when = STARTED.replace(second=2 * sequence).isoformat()
        where: dict[str, Any] = {"sequence": sequence, "media_time": 2.0 * sequence, "program_date_time": when}
        assert announce(world, url, "announced", **where).status_code == 201

    found = world.stored(f"{names.SEGMENTS}announced/")
    assert list(found) == [names.segment_object(SegmentRef("announced", "s-1", n)) for n in range(2)]
    assert [objects.segment(name, blob.metadata or {}).media_time for name, blob in found.items()] == [0.0, 2.0]
    assert world.bucket.blob(names.live_playlist("announced", "s-1")).download_as_text().count("#EXTINF") == 2
    for name in found:
        assert world.deliver("sample", world.announce(name)) == 200
    assert "hidden" not in str(world.db.document("streams/announced/sessions/s-1").get().to_dict())


def test_a_session_that_ends_while_a_segment_is_announced_keeps_its_end(
    world: World, store: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert announce(world, store.url("/0.ts"), "meanwhile").status_code == 201
    name = names.live_playlist("meanwhile", "s-1")
    look, ends = stored.look, list[str]()

    def then_ends(stream: str, session: str, window: float) -> stored.Standing:
        seen = look(stream, session, window)
        if not ends:
            monkeypatch.setattr(stored, "look", look)
            segments.end(stream, session)
            ends.append(world.bucket.blob(name).download_as_text())
        return seen

    monkeypatch.setattr(stored, "look", then_ends)
    when = STARTED.replace(second=2).isoformat()
    late = announce(world, store.url("/1.ts"), "meanwhile", sequence=1, media_time=2.0, program_date_time=when)

    assert (late.status_code, "has ended meanwhile" in late.get_json()["detail"]) == (409, True)
    assert ends[0].endswith("#EXT-X-ENDLIST\n")
    assert world.bucket.blob(name).download_as_text() == ends[0]
    assert (world.db.document("streams/meanwhile").get().to_dict() or {})["state"] == "ended"


def test_a_replay_fetches_and_writes_nothing(world: World, store: Served) -> None:
    assert announce(world, store.url("/0.ts"), "replayed").status_code == 201
    asked = len(store.asked)
    before = {name: blob.generation for name, blob in world.stored(f"{names.SEGMENTS}replayed/").items()}

    assert announce(world, store.url("/0.ts"), "replayed").status_code == 200

    assert len(store.asked) == asked
    assert {name: blob.generation for name, blob in world.stored(f"{names.SEGMENTS}replayed/").items()} == before


@pytest.mark.parametrize("at", [-400.0, 400.0])
def test_a_signature_of_another_time_is_refused(world: World, store: Served, at: float) -> None:
    response = announce(world, store.url("/0.ts"), at=at)
    assert response.status_code == 401
    assert "X-Timestamp" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/moved", 400, "redirects are not followed"),
        ("/none", 400, "answered 404"),
        ("/broken", 503, "answered 503"),
        ("/large", 400, "more than 1 MiB"),
        ("/sound.ts", 415, "(aac)"),
    ],
)
def test_what_the_store_answers_is_not_trusted(world: World, store: Served, path: str, status: int, says: str) -> None:
    response = announce(world, store.url(path + "?token=hidden"))
    assert response.status_code == status
    assert says in response.get_json()["detail"]
    assert "hidden" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/computeMetadata/v1/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://127.0.0.1.evil.test/",
        "http://evil.test/#.example",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/0.ts",
        "http://[::1/",
        "gopher",
    ],
)
def test_nothing_is_fetched_from_where_no_store_is(world: World, url: str) -> None:
    assert announce(world, url).status_code == 400


def test_a_host_on_the_list_with_a_private_address_is_refused_and_so_is_plain_http(
    world: World, store: Served, setting: Any
) -> None:
    setting(PRIVATE="false")
    asked = len(store.asked)
    assert "https" in announce(world, store.url("/0.ts")).get_json()["detail"]
    assert "private address" in announce(world, "https://127.0.0.1/0.ts").get_json()["detail"]
    assert len(store.asked) == asked


def test_few_are_held_in_memory_at_a_time_and_the_others_are_announced_again(
    world: World, store: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = BoundedSemaphore(1)
    monkeypatch.setattr(route, "_AT_ONCE", busy)
    monkeypatch.setattr(route, "_PATIENCE", 0.0)
    asked = len(store.asked)
    with busy:
        assert announce(world, store.url("/0.ts")).status_code == 503
    assert len(store.asked) == asked


def test_it_is_off_where_no_host_is_named(world: World, store: Served, setting: Any) -> None:
    setting(HOSTS="")
    assert announce(world, store.url("/0.ts")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 1.5},
        {"sequence": -1},
        {"duration": 13},
        {"media_time": None},
        {"program_date_time": "yesterday"},
        {"program_date_time": "2026-01-01T00:00:00"},
        {"discontinuity": "no"},
        {"session": "../up"},
        {"url": 5},
        {"colour": "red"},
    ],
)
def test_a_malformed_announcement_is_refused(world: World, store: Served, changes: dict[str, Any]) -> None:
    given: dict[str, Any] = {"url": store.url("/0.ts")} | changes
    assert announce(world, **given).status_code == 400


def test_a_stream_whose_store_falls_silent_ends(world: World, store: Served) -> None:
    assert announce(world, store.url("/0.ts"), "silenced").status_code == 201
    assert announce(world, store.url("/0.ts"), "talking").status_code == 201
    document = world.db.document("streams/silenced")
    [said] = [found for found in external_streams.silent(datetime.now(UTC)) if found.stream == "silenced"]
    document.update({"last_segment_at": datetime.now(UTC) - timedelta(minutes=6)})

    with pytest.raises(Conflict, match="changed meanwhile"):  # as another announcement would
        external_streams.end(said, {})
    assert housekeeping.sweep(datetime.now(UTC)) == 1
    assert housekeeping.sweep(datetime.now(UTC)) == 0

    assert (document.get().to_dict() or {})["state"] == "ended"
    assert (world.db.document("streams/talking").get().to_dict() or {})["state"] == "live"
    assert (world.db.document("streams/silenced/sessions/s-1").get().to_dict() or {})["ended"]
    assert "#EXT-X-ENDLIST" in world.bucket.blob(names.live_playlist("silenced", "s-1")).download_as_text()


@pytest.mark.writes_fast  # six minutes pass at once, for the streams of other tests, too
def test_what_is_announced_after_the_end_is_another_session(world: World, store: Served) -> None:
    assert announce(world, store.url("/0.ts"), "resting").status_code == 201
    housekeeping.sweep(datetime.now(UTC) + timedelta(minutes=6))
    when = {"sequence": 1, "media_time": 2.0, "program_date_time": STARTED.replace(second=2).isoformat()}
    assert announce(world, store.url("/1.ts"), "resting", **when).status_code == 409
    assert announce(world, store.url("/0.ts"), "resting").status_code == 200, "a replay is none of them"

    assert announce(world, store.url("/1.ts"), "resting", session="s-2").status_code == 201
    assert (world.db.document("streams/resting").get().to_dict() or {})["state"] == "live"
    assert "#EXT-X-ENDLIST" in world.bucket.blob(names.live_playlist("resting", "s-1")).download_as_text()
