"""A segment that is no video shows up in Health with its reason, and is sent again from there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.helpers.person import signed_in
from tests.wait import until

from emulator.paths import stack_paths
from emulator.processes.logfiles import file_of
from emulator.sample import streams
from emulator.sample.demo.dead import letters
from pipeline.cloud import clients

pytestmark = [pytest.mark.stack, pytest.mark.browser]
PATIENCE = 240  # s: five deliveries, with the declared back-off between them


def refusals(log: Path, name: str) -> int:
    return sum(name in line and "dead-letter" in line for line in log.read_text().splitlines())


def test_a_poison_segment_is_shown_with_its_reason_and_sent_again(stack: Any, browser: Any) -> None:
    streams.recreate(stack, "poisoned", "Poisoned")
    name = "segments/poisoned/20260101T000000Z-000000/00000000.ts"
    blob = clients.media_bucket().blob(name)
    blob.metadata = {"media-time": "0", "duration": "2", "program-date-time": "2026-01-01T00:00:00Z"}
    blob.upload_from_string(b"this is no video" * 1000, content_type="video/mp2t", if_generation_match=0)

    context = browser.new_context()
    signed_in(context, stack, "operator")
    page = context.new_page()
    page.goto(f"{stack.web}?view=health")
    letter = page.locator("ma-dead-letters li").filter(has_text=name)
    expect(letter).to_contain_text("the segment is not MPEG-TS", timeout=PATIENCE * 1000)
    expect(page.locator("ma-problems")).to_contain_text("given up on")

    log = file_of(stack_paths(f"test-{os.getpid()}").logs, "sample")
    before = refusals(log, name)
    letter.get_by_role("button", name="Try again").click()
    expect(letter).to_have_count(0)
    until(lambda: refusals(log, name) > before, 60, "another delivery")
    assert letters(stack, "poisoned") == [], "it is on its way, until it is given up on once more"
    page.context.close()
