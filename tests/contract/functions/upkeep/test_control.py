"""Two databases that no commit spans: after a crash between two writes nothing is wrong, and the next try ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core.exceptions import ServiceUnavailable
from google.cloud.firestore import DocumentReference
from tests.contract.functions.asking import call
from tests.contract.functions.world import World

from front.people import known
from pipeline.documents import analysis_config, leases, pushes, streams
from pipeline.documents.control import stream_keys
from pipeline.domain import names
from pipeline.domain.errors import Conflict, LeaseLost, Unauthorized
from pipeline.domain.model import Stream
from pipeline.domain.push import Push
from pipeline.maintenance import control, handler
from pipeline.maintenance.removal import remove

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Crash(Exception):
    """The process dies here."""


def crashing(*_: Any, **__: Any) -> Any:
    raise Crash


def dies(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, action: Callable[[], object]) -> None:
    """Runs `action`, during which the process dies where it calls `name` of `where`."""
    with monkeypatch.context() as patch:
        patch.setattr(where, name, crashing)
        with pytest.raises(Crash):
            action()


def test_a_key_without_its_stream_opens_nothing_and_gives_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    new = Stream("half-made", "Half made")
    dies(monkeypatch, streams.audit, "commit", lambda: streams.create(new, "first"))
    assert not world.db.document(names.stream_path("half-made")).get().exists
    assert call(world, "GET", "/streams/half-made").status_code == 404
    with pytest.raises(Conflict, match="is being made by another request: try again in a minute"):
        streams.create(new, "second")
    later = stream_keys.now_utc() + timedelta(seconds=71)
    monkeypatch.setattr(stream_keys, "now_utc", lambda: later)
    streams.create(new, "second")
    stream_keys.authenticate("half-made", "second")
    with pytest.raises(Unauthorized):
        stream_keys.authenticate("half-made", "first")
    assert remove("half-made", 60)


def test_a_key_outlives_a_second_creation_of_its_stream(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = world.stream("taken")
    with pytest.raises(Conflict, match="is taken"):
        streams.create(Stream(stream, "Again"), "other")
    stream_keys.authenticate(stream, "key")
    # The other request creates it after this one has looked, and its key is gone meanwhile: a removal runs.
    stream_keys.void(stream)
    unseen = type("Unseen", (), {"exists": False})()
    with monkeypatch.context() as patch:
        patch.setattr(DocumentReference, "get", lambda *_, **__: unseen)
        with pytest.raises(Conflict, match="is taken"):
            streams.create(Stream(stream, "Again"), "other")
    assert not world.control.document(names.key_path(stream)).get().exists


def test_a_removal_that_dies_after_the_key_is_gone_is_finished_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = world.stream("half-gone")
    leases.acquire(stream, "a sender")
    dies(monkeypatch, DocumentReference, "delete", lambda: remove(stream, 60))
    assert world.db.document(names.stream_path(stream)).get().exists
    with pytest.raises(Unauthorized):
        stream_keys.authenticate(stream, "key")
    assert remove(stream, 60)
    assert not world.db.document(names.stream_path(stream)).get().exists
    assert leases.held(stream) is None


def test_settings_that_are_saved_and_not_published_are_published_by_housekeeping(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = world.stream("late-to-know")
    with monkeypatch.context() as patch:
        patch.setattr(analysis_config, "publish", _fails)
        assert call(world, "PATCH", "/config/analysis", {"threshold": {"face": 0.77}}).status_code == 200
    analysis_config.forget()
    assert analysis_config.of(stream).settings.threshold == {}
    try:
        assert handler.DUTIES["configuration"](NOW) == 1
        assert handler.DUTIES["configuration"](NOW) == 0
        analysis_config.forget()
        assert list(analysis_config.of(stream).settings.threshold.values()) == [0.77]
    finally:
        assert call(world, "PATCH", "/config/analysis", {"threshold": None}).status_code == 200


def _fails() -> bool:
    raise ServiceUnavailable("the bucket is away")


def test_of_two_changes_at_once_the_newest_is_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one read the settings before the other one saved, and writes the object after it."""
    upload, during = analysis_config.load, list[bool]()

    def load() -> analysis_config.Stored:
        found = upload()
        if not during:
            during.append(True)
            assert call(world, "PATCH", "/config/analysis", {"threshold": {"text": 0.66}}).status_code == 200
        return found

    try:
        with monkeypatch.context() as patch:
            patch.setattr(analysis_config, "load", load)
            analysis_config.publish()
        assert not analysis_config.publish(), "it is what was saved last"
    finally:
        call(world, "PATCH", "/config/analysis", {"threshold": None})


def test_what_a_release_with_one_database_kept_moves_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"keys/old-camera": {"hash": "h"}, "quotas/old": {"imports_at_once": 3}, "leases/old": {"holder": "x"}}
    for path, fields in kept.items():
        world.db.document(path).set(fields)
    world.control.document("keys/newer").set({"hash": "new"})
    world.db.document("keys/newer").set({"hash": "old"})
    control.forget()
    dies(monkeypatch, DocumentReference, "delete", lambda: control.move(NOW))
    assert control.move(NOW) == 4
    assert control.move(NOW) == 0
    for path, fields in kept.items():
        assert world.control.document(path).get().to_dict() == fields
        assert not world.db.document(path).get().exists
        world.control.document(path).delete()
    assert world.control.document("keys/newer").get().to_dict() == {"hash": "new"}
    world.control.document("keys/newer").delete()


def test_a_late_request_of_a_push_does_not_bring_an_ended_stream_back(world: World) -> None:
    stream, session = world.stream("ends"), "20260601T120000Z-000001"
    lease = leases.acquire(stream, "an HLS sender", origin="hls", session=session, join=True)
    pushes.save(stream, Push(session, 2, next=1))

    def ends() -> None:
        """Another request ends the push between this one's look at the stream and its write."""
        pushes.check_going_on(stream, session)
        if not ended:
            ended.append(True)
            found = pushes.load(stream)
            assert found is not None
            pushes.save(stream, Push(session, 2, next=1, ended=True, version=found.version))
            streams.record(stream, session, {"state": "ended"}, {})

    ended: list[bool] = []
    with pytest.raises(LeaseLost, match="has ended meanwhile"):
        streams.record_while(ends, stream, session, {"state": "live"}, {})
    assert streams.get(stream).state == "ended"
    lease.release(push=True)
    assert pushes.load(stream) is None
    assert leases.held(stream) is None


def test_a_request_of_a_push_in_another_session_looks_again(world: World) -> None:
    stream = world.stream("moved-on")
    leases.acquire(stream, "an HLS sender", origin="hls", session="20260601T120000Z-000002", join=True)
    pushes.save(stream, Push("20260601T120000Z-000002", 2, next=1))
    with pytest.raises(Conflict, match="went on in another session"):
        pushes.check_going_on(stream, "20260601T120000Z-000001")
    known.forget()


def test_entries_of_both_databases_are_one_list(world: World) -> None:
    world.stream("listed-twice")
    call(world, "PATCH", "/streams/listed-twice", {"name": "Named"})
    call(world, "POST", "/streams/listed-twice/key")
    call(world, "PATCH", "/streams/listed-twice", {"name": "Named again"})
    first = call(world, "GET", "/audit?limit=2").get_json()
    rest = call(world, "GET", f"/audit?limit=1&after={first['next']}").get_json()
    actions = [entry["action"] for entry in (*first["entries"], *rest["entries"])]
    assert actions == ["streams.change", "streams.rotate_key", "streams.change"]
    assert world.control.document(names.audit_path(first["entries"][1]["id"])).get().exists
