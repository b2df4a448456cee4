"""The deletion of a stream leaves nothing of it behind."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contract.functions import people
from tests.contract.functions.world import SESSION, World

from pipeline.cloud import clients
from pipeline.documents.control import upload_sessions
from pipeline.documents.control.upload_sessions import UploadSession
from pipeline.domain import names
from pipeline.domain.model import FrameRef, SegmentRef
from pipeline.maintenance.removal import remove

STREAM = "taken-down"
GIVEN: dict[str, Any] = {"stream": STREAM, "session": SESSION, "minute": 0, "part": "logo", "clip": "c1"}


def path_of(name: str, path: Callable[..., str]) -> str | None:
    """The path of a document of `STREAM`; None where documents of this kind belong to no stream."""
    wanted = list(inspect.signature(path).parameters)
    if wanted == ["ref"]:
        return path(FrameRef(STREAM, SESSION, 0) if name == "frame_path" else SegmentRef(STREAM, SESSION, 0))
    return path(**{name: GIVEN[name] for name in wanted}) if "stream" in wanted else None


def test_a_deletion_takes_every_document_that_names_the_stream(world: World) -> None:
    world.stream(STREAM)
    kinds = [found for found in inspect.getmembers(names, inspect.isfunction) if found[0].endswith("_path")]
    paths = [path for name, kind in kinds if (path := path_of(name, kind))]
    assert len(paths) >= 10
    for path in paths:
        clients.documents_client(path).document(path).set({"of": STREAM}, merge=True)
    acting = [f"{collection}/of-{stream}" for collection in ("rules", "alerts") for stream in (STREAM, "another")]
    for path in acting:
        world.db.document(path).set({"stream": path.partition("/of-")[2]})
    share = people.shared(STREAM, datetime.now(UTC) + timedelta(hours=1))
    upload_sessions.keep("begun", UploadSession(f"uploads/{STREAM}/x/a.mp4", "https://storage.test/session"))
    upload_sessions.keep("others", UploadSession("uploads/another/x/a.mp4", "https://storage.test/session"))

    assert remove(STREAM, 60)

    paths.append(names.share_path(share.id))
    left = [path for path in paths if clients.documents_client(path).document(path).get().exists]
    assert left == []
    kept = [path for path in acting if world.db.document(path).get().exists]
    assert kept == ["rules/of-another", "alerts/of-another"]
    for path in kept:
        world.db.document(path).delete()
    assert upload_sessions.find("begun") is None
    assert upload_sessions.find("others"), "that of another stream stays"
