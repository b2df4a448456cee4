"""Facts reach Firestore in order, and late rather than never."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from google.api_core.exceptions import InvalidArgument, ServiceUnavailable
from tests.wait import until

from ingest.session import recorder as module
from ingest.session.recorder import Recorder
from pipeline.domain.errors import NotFound, Unavailable


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(module, "_CLOSE_SECONDS", 0.5)


def test_facts_that_wait_are_merged_and_states_are_not() -> None:
    written: list[tuple[dict[str, Any], dict[str, Any]]] = []
    entered, released = threading.Event(), threading.Event()

    def record(stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any], /) -> None:
        entered.set()
        released.wait(60)
        written.append((stream, facts))

    recorder = Recorder("cam", "s", record, lambda: None)
    recorder.start()
    recorder.note({"state": "connecting"})
    assert entered.wait(60)
    recorder.note({"state": "live"}, {"segments": 1})
    recorder.note({"last_segment_at": 2}, {"segments": 2})
    recorder.note({"last_segment_at": 3}, {"segments": 3})
    recorder.note({"state": "ended"}, {"ended": 4})
    released.set()
    recorder.close()

    assert written == [
        ({"state": "connecting"}, {}),
        ({"state": "live", "last_segment_at": 3}, {"segments": 3}),
        ({"state": "ended"}, {"ended": 4}),
    ]


@pytest.mark.parametrize("refusal", [UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "half"), InvalidArgument("too large")])
def test_a_value_that_is_never_taken_does_not_keep_the_stream_live(refusal: Exception) -> None:
    written: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def record(stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any], /) -> None:
        if facts.get("codecs") or (stream.get("error") or {}).get("code") == "bad-request":
            raise refusal
        written.append((stream, facts))

    recorder = Recorder("cam", "s", record, lambda: None)
    recorder.start()
    recorder.note({"last_segment_at": 1}, {"codecs": "\ud83d"})
    recorder.note({"state": "error", "error": {"code": "bad-request", "message": "\ud83d"}}, {"ended": 4, "vod": "v"})
    recorder.close()
    [(stream, facts)] = written
    assert (stream["state"], stream["error"]["code"], facts) == ("error", "internal", {"ended": 4, "vod": "v"})


def test_a_refused_write_is_tried_again_in_its_place() -> None:
    written: list[str] = []
    refusals = iter([True, True, False, False])

    def record(stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any], /) -> None:
        if next(refusals):
            raise ServiceUnavailable("not now")
        written.append(stream["state"])

    recorder = Recorder("cam", "s", record, lambda: None)
    recorder.start()
    recorder.note({"state": "live"})
    recorder.note({"state": "ended"})
    recorder.close()

    assert written == ["live", "ended"]


def test_a_firestore_that_never_answers_is_said_so() -> None:
    def record(*_: Any) -> None:
        raise ServiceUnavailable("never")

    recorder = Recorder("never", "s", record, lambda: None)
    recorder.start()
    recorder.note({"state": "ended"})

    with pytest.raises(Unavailable, match="could not be recorded"):
        recorder.close()
    until(lambda: "record-never" not in {thread.name for thread in threading.enumerate()}, 60, "giving up")


def test_a_deleted_stream_stops_its_session() -> None:
    def record(*_: Any) -> None:
        raise NotFound("gone")

    stopped = threading.Event()
    recorder = Recorder("cam", "s", record, stopped.set)
    recorder.start()
    recorder.note({"state": "live"})

    assert stopped.wait(60)
    recorder.close()
    assert recorder.deleted
