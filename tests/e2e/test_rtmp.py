"""Encoders over RTMP: Debian's ffmpeg publishes as OBS does, and everything that it sent is analysed."""

from __future__ import annotations

import signal
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.follow import analysed
from tests.e2e.helpers.plain import plain, seen_enough
from tests.wait import until

from emulator.sample import streams
from pipeline.cloud.clients import firestore_client

pytestmark = pytest.mark.stack
_SECONDS = 90  # until something is taken not to happen


@pytest.fixture
def stream(stack: Any) -> str:
    if not stack.rtmp:
        pytest.fail("the stack has no RTMP: nginx with its RTMP module is missing (local-emulator/setup.sh test)")
    return f"rtmp-{uuid.uuid4().hex[:6]}"


def publishing(stack: Any, clip: Path, stream: str, key: str, *options: str) -> subprocess.Popen[bytes]:
    """ffmpeg, with what OBS has in its two fields: Server, and Stream key."""
    address = f"{stack.rtmp}/{stream}?key={key}"
    command = ["ffmpeg", "-v", "error", "-re", *options, "-i", str(clip), "-c", "copy", "-f", "flv", address]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def document(stream: str) -> dict[str, Any]:
    return firestore_client().document(f"streams/{stream}").get().to_dict() or {}


def in_state(stream: str, *states: str) -> dict[str, Any]:
    return until(lambda: found if (found := document(stream)).get("state") in states else None, _SECONDS)


def test_what_an_encoder_publishes_is_segmented_and_analysed(stack: Any, clip: Path, stream: str) -> None:
    key = streams.create(stack, stream, "Encoder")
    assert publishing(stack, clip, stream, key, "-t", "4").wait(_SECONDS) == 0

    assert in_state(stream, "ended", "error")["state"] == "ended"
    ledger = analysed(stream)
    assert ledger.expected in (2, 3), "four seconds and perhaps a picture, with a keyframe every two"
    assert ledger.errors() == []
    assert [s for s in ledger.sightings() if s.kind == "logo"], "the clip shows a mark from its second second on"
    seen_enough(stack, stream)


def test_a_wrong_key_lets_nobody_in(stack: Any, clip: Path, stream: str) -> None:
    streams.create(stack, stream, "Encoder")
    assert publishing(stack, clip, stream, "wrong", "-t", "8").wait(_SECONDS) != 0
    assert publishing(stack, clip, stream, "", "-t", "8").wait(_SECONDS) != 0
    assert document(stream)["state"] == "idle"


def test_a_second_encoder_is_refused_while_the_first_goes_on(stack: Any, clip: Path, stream: str) -> None:
    key = plain(stack, stream, "Encoder")
    first = publishing(stack, clip, stream, key)
    try:
        in_state(stream, "live")
        assert publishing(stack, clip, stream, key, "-t", "8").wait(_SECONDS) != 0
        assert first.poll() is None
        before = document(stream)["last_segment_at"]
        until(lambda: document(stream)["last_segment_at"] > before, _SECONDS)
    finally:
        first.send_signal(signal.SIGINT)
        first.wait()
    assert in_state(stream, "ended", "error")["error"] is None


def test_an_encoder_that_is_killed_goes_on_in_the_same_session(stack: Any, clip: Path, stream: str) -> None:
    key = plain(stack, stream, "Encoder")
    first = publishing(stack, clip, stream, key)
    session = in_state(stream, "live")["session"]
    first.kill()
    first.wait()
    in_state(stream, "reconnecting")
    assert publishing(stack, clip, stream, key, "-t", "6").wait(_SECONDS) == 0
    assert in_state(stream, "ended", "error")["session"] == session
    assert analysed(stream).errors() == []
