"""`imports`: one execution per generation of an uploaded file, however often and in whatever state its event comes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from google.cloud import run_v2, storage
from tests.contract.functions.asking import call
from tests.contract.functions.servers import serving
from tests.contract.functions.world import World
from tests.measured import measuring
from tests.servers import free_port
from tests.wait import until

from emulator.emulators.run_admin.registered import JobSpec, register
from pipeline.cloud import clients, signing
from pipeline.cloud.events import ObjectEvent
from pipeline.documents import imports
from pipeline.documents.control import quotas, upload_grants
from pipeline.documents.control.quotas import Quota
from pipeline.documents.control.upload_grants import UploadGrant
from pipeline.domain import names
from pipeline.domain.errors import Poison, Stale
from pipeline.domain.model import ImportState
from pipeline.domain.quotas import StreamQuota
from pipeline.imports import handler, job, settings
from pipeline.maintenance import imports as housekeeping

JOB = "projects/test-project/locations/europe-west1/jobs/importer"
CACHES = (clients.jobs_client, clients.executions_client, settings.uploads, settings.uploads_bucket, job.job)


@pytest.fixture(scope="module")
def bucket(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[storage.Bucket]:
    """Uploads, and a job that sleeps, or fails where its object's name says so."""
    port, folder = free_port(), tmp_path_factory.mktemp("run_admin")
    program = "import sys, time; sys.exit(5) if 'fails' in sys.argv[2] else time.sleep(600)"
    spec = JobSpec(JOB, "image", (sys.executable, "-c", program), (), {}, str(folder), 600, 0, 1)
    register(folder / "jobs", spec)
    command = [sys.executable, "-m", "emulator.emulators.run_admin", "--port", str(port)]
    command += ["--jobs", str(folder / "jobs"), "--logs", str(folder / "logs"), "--parallel", "20"]
    with serving(command, port, folder / "log"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUN_EMULATOR_HOST", f"127.0.0.1:{port}")
        patch.setenv("IMPORT_JOB", JOB)
        patch.setenv("UPLOADS_BUCKET", "uploads")
        patch.setenv("UPLOAD_MAX_BYTES", "1000")
        patch.setattr(quotas, "of", lambda _tenant: Quota(imports_at_once=1_000))  # the imports of all tests here
        for cache in CACHES:
            cache.cache_clear()
        yield clients.storage_client().bucket("uploads")
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture
def event(world: World, bucket: storage.Bucket, request: pytest.FixtureRequest) -> Callable[..., ObjectEvent]:
    """Uploads a file to a stream named after the test; its event."""
    stream = world.stream(request.node.name.replace("_", "-")[:60].strip("-"))

    def put(file: str = "clip.mp4", size: int = 10) -> ObjectEvent:
        blob = bucket.blob(f"uploads/{stream}/{file}")
        blob.upload_from_string(bytes(size))
        finalized = datetime.now(UTC)
        return ObjectEvent(
            "1", "OBJECT_FINALIZE", "uploads", str(blob.name), int(blob.generation or 0), size, {}, finalized
        )

    return put


def executions(event: ObjectEvent) -> list[run_v2.Execution]:
    wanted = job.arguments(event.name, event.generation)
    found = clients.executions_client().list_executions(parent=JOB)
    return [e for e in found if list(e.template.containers[0].args) == wanted]


def document(world: World, event: ObjectEvent) -> dict[str, Any]:
    stream, _ = names.parse_upload(event.name)
    path = names.import_path(stream, names.import_session(event.name, event.generation))
    return world.db.document(path).get().to_dict() or {}


def test_an_upload_starts_one_execution_which_its_document_names(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = event()
    for _ in range(3):
        handler.imports(uploaded)
    (execution,) = executions(uploaded)
    found = document(world, uploaded)
    assert (found["execution"], found["state"], found["object"]) == (execution.name, "starting", uploaded.name)
    assert (found["size"], found["generation"], found["name"]) == (10, uploaded.generation, "clip.mp4")


def test_another_generation_is_another_import(world: World, event: Callable[..., ObjectEvent]) -> None:
    first, second = event(), event()
    handler.imports(first)
    handler.imports(second)
    assert [len(executions(each)) for each in (first, second)] == [1, 1]
    assert document(world, first)["execution"] != document(world, second)["execution"]


def test_a_file_that_came_by_a_signed_address_is_not_imported_without_its_grant(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = replace(event(), metadata={signing.GRANTED: "true"})
    with pytest.raises(Poison, match=r"the grant of .* is not known"):
        handler.imports(uploaded)
    assert (executions(uploaded), document(world, uploaded)) == ([], {})


def test_a_grant_of_another_tenant_s_stream_of_that_id_is_not_taken(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = replace(event(), metadata={signing.GRANTED: "true"})
    upload_grants.create(UploadGrant(uploaded.name, names.parse_upload(uploaded.name)[0], 10, "another"))
    with pytest.raises(Poison, match=r"the grant of .* is not known"):
        handler.imports(uploaded)
    assert (executions(uploaded), document(world, uploaded)) == ([], {})


def test_a_grant_of_a_deleted_stream_is_not_taken_by_the_next_one_of_its_id(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = replace(event(), metadata={signing.GRANTED: "true"})
    stream = names.parse_upload(uploaded.name)[0]
    upload_grants.create(UploadGrant(uploaded.name, stream, 10, "main"))
    world.db.document(names.stream_path(stream)).update({"created": datetime.now(UTC) + timedelta(seconds=1)})
    with pytest.raises(Poison, match=r"the grant of .* is not known"):
        handler.imports(uploaded)
    assert (executions(uploaded), document(world, uploaded)) == ([], {})


def test_a_file_that_is_larger_than_granted_is_deleted(
    world: World, bucket: storage.Bucket, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = replace(event(size=11), metadata={signing.GRANTED: "true"})
    upload_grants.create(UploadGrant(uploaded.name, names.parse_upload(uploaded.name)[0], 10, "main"))
    handler.imports(uploaded)
    assert document(world, uploaded)["error"]["message"] == "the file has 11 bytes; at most 10 are accepted"
    assert executions(uploaded) == [] and not bucket.blob(uploaded.name).exists()


def test_a_stream_that_may_take_no_more_media_imports_nothing_and_says_why(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = event()
    quotas.save_stream(names.parse_upload(uploaded.name)[0], "main", StreamQuota(media_hours_day=0.0))
    handler.imports(uploaded)
    found = document(world, uploaded)
    assert (executions(uploaded), found["state"], found["error"]["code"]) == ([], "error", "used-up")
    assert "has used up its 0 hours of media a day" in found["error"]["message"]


def test_of_many_files_at_once_some_wait_for_their_turn(event: Callable[..., ObjectEvent]) -> None:
    files = [event(f"{n}.mp4") for n in range(5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(handler.imports, files))
    assert sum(len(executions(each)) for each in files) <= 3
    soon = datetime.now(UTC) + timedelta(minutes=3)
    housekeeping.sweep(soon)
    assert sum(len(executions(each)) for each in files) == 3
    done = next(each for each in files if executions(each))
    stream, session = names.parse_upload(done.name)[0], names.import_session(done.name, done.generation)
    imports.change(stream, session, state=ImportState.DONE.value)
    housekeeping.sweep(soon)
    assert sum(len(executions(each)) for each in files) == 4


def test_of_many_streams_at_once_some_wait_for_their_turn(
    event: Callable[..., ObjectEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "of", lambda _tenant: Quota(imports_at_once=0))
    uploaded = event()
    handler.imports(uploaded)
    assert executions(uploaded) == []
    monkeypatch.setattr(quotas, "of", lambda _tenant: Quota(imports_at_once=1_000))
    handler.imports(uploaded)
    assert len(executions(uploaded)) == 1


def test_an_upload_s_address_is_good_for_that_size_and_one_file(world: World, bucket: storage.Bucket) -> None:
    stream = world.stream("granted-upload")
    asked = {"name": "x.mp4", "size": 10, "content_type": "video/mp4"}
    granted = call(world, "POST", f"/streams/{stream}/uploads", asked).get_json()["upload"]

    def begin(**changed: str | None) -> requests.Response:
        headers = {name: value for name, value in (granted["headers"] | changed).items() if value is not None}
        return requests.request(granted["method"], granted["url"], headers=headers, timeout=30)

    def put(location: str, data: bytes) -> int:
        last = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"}
        return requests.put(location, data=data, headers=last, timeout=30).status_code

    one, two, three = (begin().headers["Location"] for _ in range(3))
    assert put(one, b"x" * 11) == 400
    assert put(two, b"x" * 10) == 200
    assert put(three, b"y" * 10) == 412
    assert begin().status_code == 412
    assert bucket.blob(granted["object"]).download_as_bytes() == b"x" * 10
    assert begin(**{"x-goog-if-generation-match": None}).status_code in (400, 403)
    assert begin(**{"x-goog-content-length-range": "0,1000000"}).status_code == 403
    assert begin(**{"x-goog-meta-granted": None}).status_code in (400, 403)
    assert (bucket.get_blob(granted["object"]) or bucket.blob("")).metadata == {signing.GRANTED: "true"}
    assert upload_grants.find(granted["object"]) == UploadGrant(granted["object"], stream, 10, "main")


def test_a_delivery_that_broke_off_after_starting_is_taken_up(world: World, event: Callable[..., ObjectEvent]) -> None:
    uploaded = event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "change", lambda *_, **__: (_ for _ in ()).throw(ConnectionError("killed here")))
        with pytest.raises(ConnectionError):
            handler.imports(uploaded)
    assert document(world, uploaded)["execution"] is None
    handler.imports(uploaded)
    (execution,) = executions(uploaded)
    assert document(world, uploaded)["execution"] == execution.name


def test_a_delivery_that_broke_off_before_starting_is_taken_up(world: World, event: Callable[..., ObjectEvent]) -> None:
    uploaded = event()
    stream, _ = names.parse_upload(uploaded.name)
    imports.begin(stream, uploaded.name, uploaded.generation, uploaded.size)
    handler.imports(uploaded)
    assert len(executions(uploaded)) == 1


def test_of_two_executions_of_one_import_one_works(event: Callable[..., ObjectEvent]) -> None:
    uploaded = event()
    handler.imports(uploaded)
    stream, session = names.parse_upload(uploaded.name)[0], names.import_session(uploaded.name, uploaded.generation)
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda runner: imports.claim(stream, session, runner), ("a", "b", "c", "d")))
    assert sum(claim is not None for claim in claims) == 1
    winner = "abcd"[next(at for at, claim in enumerate(claims) if claim)]
    assert imports.claim(stream, session, winner)  # its next attempt
    imports.change(stream, session, state=ImportState.DONE.value)
    assert imports.claim(stream, session, winner) is None


def test_a_file_larger_than_allowed_is_deleted_with_the_reason(
    world: World, bucket: storage.Bucket, event: Callable[..., ObjectEvent]
) -> None:
    uploaded = event(size=1001)
    for _ in range(2):
        handler.imports(uploaded)
    found = document(world, uploaded)
    assert (found["state"], found["error"]) == (
        "error",
        {"code": "too-large", "message": "the file has 1001 bytes; at most 1000 are accepted"},
    )
    assert executions(uploaded) == []
    assert not bucket.blob(uploaded.name).exists()


def test_events_about_what_is_gone_or_no_upload_are_told_apart(world: World, event: Callable[..., ObjectEvent]) -> None:
    uploaded = event()
    world.db.document(names.stream_path(names.parse_upload(uploaded.name)[0])).delete()
    with pytest.raises(Stale):
        handler.imports(uploaded)
    for wrong in ("uploads/Not A Stream/x", "elsewhere/x", "uploads/only-a-stream"):
        with pytest.raises(Poison):
            handler.imports(ObjectEvent("1", "OBJECT_FINALIZE", "uploads", wrong, 1, 1, {}, datetime.now(UTC)))


def test_housekeeping_starts_what_was_missed_and_ends_what_gave_up(
    world: World, event: Callable[..., ObjectEvent]
) -> None:
    missed, failed, running = event("missed.mp4"), event("fails.mp4"), event("runs.mp4")
    imports.begin(names.parse_upload(missed.name)[0], missed.name, missed.generation, missed.size)
    handler.imports(failed)
    handler.imports(running)
    until(lambda: executions(failed)[0].completion_time, 60, "the end of the execution that fails")
    soon = datetime.now(UTC) + timedelta(seconds=1)
    housekeeping.sweep(soon)  # everything has just been heard of
    assert executions(missed) == []
    later = soon + timedelta(minutes=2)
    housekeeping.sweep(later)
    housekeeping.sweep(later)
    assert document(world, missed)["execution"] == executions(missed)[0].name
    assert [len(executions(each)) for each in (missed, failed, running)] == [1, 1, 1]
    assert (document(world, running)["state"], document(world, running)["error"]) == ("starting", None)
    assert document(world, failed)["state"] == "error"
    error = document(world, failed)["error"]
    assert error["code"] == "broke-off" and "exited with code 5" in error["message"]


def test_what_becomes_of_imports_is_counted_once_each(event: Callable[..., ObjectEvent]) -> None:
    started, refused, missed, failed = event("a.mp4"), event("b.mp4", 1001), event("c.mp4"), event("fails.mp4")
    imports.begin(names.parse_upload(missed.name)[0], missed.name, missed.generation, missed.size)
    later = datetime.now(UTC) + timedelta(minutes=3)
    with measuring() as measured:
        for uploaded in (started, refused, failed) * 2:
            handler.imports(uploaded)
        assert (measured.total("imports_started"), measured.total("imports_ended", state="error")) == (2, 1)
        until(lambda: executions(failed)[0].completion_time, 60, "the end of the execution that fails")
        before = measured.total("imports_restarted"), measured.total("imports_ended")
        housekeeping.sweep(later)
        after = measured.total("imports_restarted"), measured.total("imports_ended")
        housekeeping.sweep(later)
        assert (measured.total("imports_restarted"), measured.total("imports_ended")) == after
        assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
