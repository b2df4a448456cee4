"""How smoothly a timeline of 10,000 appearances is panned and zoomed in Chromium."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from playwright.sync_api import CDPSession, expect, sync_playwright

from tests.bench.helpers.sized import sized
from tests.conftest import CHROMIUM
from tests.web.conftest import PROJECT, Firestore, built
from tests.web.data import documents, hours
from tests.web.doubles.people import ADMIN, known
from tests.web.doubles.site import Site

LANES = 22
SECONDS, FRAMES = sized((8600, 400), (120, 20))  # a little over 10,000 appearances
LIMIT = 1000 / 60

# Wheels and drags once a frame, as a hand does: nearer and farther, with what is under the pointer moving along.
DRIVE = """
(stage, frames) => new Promise((done) => {
  const { left, top, width } = stage.getBoundingClientRect()
  const at = (share) => ({ clientX: left + share * width, clientY: top + 40, bubbles: true, cancelable: true })
  const times = []
  const step = (now) => {
    times.push(now)
    if (times.length > frames) return done(times)
    const phase = times.length / 40
    stage.dispatchEvent(new WheelEvent('wheel', { ...at(0.5), deltaY: 14 * Math.cos(phase), ctrlKey: true }))
    stage.dispatchEvent(new WheelEvent('wheel', { ...at(0.5), deltaX: 30 * Math.sin(phase * 3) }))
    const hand = at(0.3 + 0.4 * Math.abs(Math.sin(phase)))
    stage.dispatchEvent(new PointerEvent('pointermove', { ...hand, pointerId: 1, pointerType: 'mouse' }))
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})
"""


def rows() -> Iterator[dict[str, Any]]:
    """Milliseconds between frames, and of work in one, beside what a frame may take at 60 a second."""
    with _site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(site.page(f"?stream={documents.STREAM}"))
        count = hours.appearances(SECONDS, LANES)
        timeline = page.locator("ma-session-timeline")
        expect(timeline.locator("h2")).to_contain_text(f"{count:,} appearances", timeout=60_000)
        timeline.get_by_role("button", name=f"All {LANES} labels").click()
        stage = timeline.get_by_role("listbox")
        stage.evaluate(DRIVE, 60)  # everything compiled, and what is in view read
        counted = page.context.new_cdp_session(page)
        counted.send("Performance.enable")
        before = _work(counted)
        times: list[float] = stage.evaluate(DRIVE, FRAMES)
        work = (_work(counted) - before) / FRAMES
        browser.close()
    between = [b - a for a, b in pairwise(times)]
    name = f"timeline, {count:,} appearances in {LANES} lanes, panned and zoomed"
    for what, ours in (("between frames, p95", quantiles(between, n=20)[-1]), ("work in a frame", work)):
        yield {
            "bench": f"{name}: {what}",
            "ours": round(ours, 1),
            "other": round(LIMIT, 1),
            "other_name": "60 frames a second",
            "unit": "ms",
        }


def _work(session: CDPSession) -> float:
    """Milliseconds for which the page's main thread has been busy since the session was told to count."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000


@contextmanager
def _site() -> Generator[Site]:
    with tempfile.TemporaryDirectory() as scratch:
        database = Firestore(Path(scratch))
        os.environ["FIRESTORE_EMULATOR_HOST"] = f"127.0.0.1:{database.port}"
        config: dict[str, object] = {
            "projectId": PROJECT,
            "ingestUrl": "https://ingest.example.com",
            "firestoreEmulator": f"127.0.0.1:{database.port}",
        }
        site = Site(built(), config)
        try:
            client = firestore.Client(project=PROJECT, credentials=AnonymousCredentials())
            known(client, ADMIN)
            hours.session(client, SECONDS, LANES)
            client.close()
            yield site
        finally:
            del os.environ["FIRESTORE_EMULATOR_HOST"]
            site.close()
            database.stop()
