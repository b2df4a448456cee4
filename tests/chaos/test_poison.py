"""What can never be handled ends among the dead letters, with its reason, and holds nothing up."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.wait import until

from emulator.paths import stack_paths
from emulator.processes.logfiles import file_of
from emulator.sample import streams
from emulator.sample.demo.dead import letters
from pipeline.cloud import clients

pytestmark = pytest.mark.stack
PATIENCE = 240  # s: five deliveries, with the declared back-off between them


def test_a_segment_that_is_no_video_becomes_a_dead_letter_with_its_reason(stack: Any) -> None:
    streams.recreate(stack, "poison", "Poison")
    name = "segments/poison/20260101T000000Z-000000/00000000.ts"
    blob = clients.media_bucket().blob(name)
    blob.metadata = {"media-time": "0", "duration": "2", "program-date-time": "2026-01-01T00:00:00Z"}
    blob.upload_from_string(b"this is no video" * 1000, content_type="video/mp2t", if_generation_match=0)

    [letter] = until(lambda: letters(stack, "poison"), PATIENCE, "a dead letter")

    assert letter["object"] == name
    assert letter["topic"].endswith("segments")
    assert letter["error"] == "Poison"
    assert "MPEG-TS" in letter["reason"]
    assert letter["attempts"] >= 5
    logs = stack_paths(f"test-{os.getpid()}").logs
    lines = [line for one in ("sample", "sample-2") for line in file_of(logs, one).read_text().splitlines()]
    reasons = [line for line in lines if name in line and "dead-letter" in line]
    assert len(reasons) >= 5, "each delivery is refused with its reason"
