"""Clips, called in every way that the document of the API describes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions.world import SESSION

from pipeline.documents import clips
from pipeline.domain import names
from pipeline.domain.clips import ClipState
from pipeline.jobs import executions

NONE = "0" * 24
"""No clip's id."""


def call_clips(call: Callable[..., Any], stream: str) -> None:
    """`stream` has a session."""
    wanted = {"from": 0, "to": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executions, "run", lambda *_: "projects/p/locations/l/jobs/cutter/executions/cutter-1")
        answers = [call("POST", f"/streams/{stream}/sessions/{SESSION}/clips", wanted) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 200]
    clip = answers[0].get_json()["clip"]["id"]
    for path, body, status in (
        (f"/streams/{stream}/sessions/{SESSION}/clips", {}, 400),
        (f"/streams/{stream}/sessions/20260504T120000Z-ffffff/clips", wanted, 404),
    ):
        assert call("POST", path, body).status_code == status
    assert call("GET", f"/streams/{stream}/clips").get_json()["clips"][0]["id"] == clip
    for path, status in ((f"/streams/{stream}/clips?limit=0", 400), ("/streams/absent/clips", 404)):
        assert call("GET", path).status_code == status

    until = {"until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    assert call("POST", f"/streams/{stream}/clips/{clip}/shares", until).status_code == 409
    done = names.clip_object(stream, SESSION, clip, "mp4")
    clips.change(stream, clip, state=ClipState.DONE.value, object=done)
    for id, status in ((clip, 201), (NONE, 404), ("none", 400)):
        assert call("POST", f"/streams/{stream}/clips/{id}/shares", until).status_code == status
    for id, status in ((clip, 200), (NONE, 404), ("none", 400)):
        assert call("GET", f"/streams/{stream}/clips/{id}").status_code == status
    for id, status in ((clip, 204), (NONE, 404), ("none", 400)):
        assert call("DELETE", f"/streams/{stream}/clips/{id}").status_code == status
