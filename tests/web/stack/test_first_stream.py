"""A stream is made in the page, and video is sent to it as the page says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.helpers.person import signed_in
from tests.web.conftest import Watched

from emulator.sample import streams

pytestmark = pytest.mark.stack


def test_who_follows_the_page_is_live(stack: Any, watched: Watched, clip: Path, tmp_path: Path) -> None:
    """From an empty hand to a live picture with nothing but what the page says: its own command, run as it stands."""
    watched.expected = ("404",)  # a session is announced a little before its playlist is there
    signed_in(watched.context, stack, "operator")
    page = watched.open(stack.web)
    page.get_by_role("button", name="Create").last.click()
    page.get_by_label("Name", exact=True).fill("Made in the page")
    page.get_by_role("button", name="Create the stream").click()
    page.get_by_role("tab", name="ffmpeg").click()
    command = page.locator("ma-tabs pre").inner_text()
    (tmp_path / "clip.mp4").symlink_to(clip)
    sender = subprocess.Popen(["bash", "-c", f"exec {command} -loglevel error -nostdin"], cwd=tmp_path)
    try:
        watcher = watched.open(streams.page(stack, "made-in-the-page"))
        expect(watcher.locator("ma-state-chip").first).to_contain_text("live", timeout=60_000)
        page.get_by_role("button", name="Close").last.click()
        tile = page.locator("ma-stream-tile").filter(has_text="Made in the page")
        expect(tile.locator("video.moving")).to_have_count(1, timeout=60_000)
    finally:
        sender.terminate()
        sender.wait(60)
