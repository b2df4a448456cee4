"""The page in Chromium: how soon what is written is drawn, and whether it stays as it is while a busy stream goes on.

BENCH_PAGE_MINUTES (0.5; 30 for the record) says how long it is watched. The stream is as busy as they come: each
half-second a sampled frame, two kinds, a dozen boxes, each kind written by itself as `detect` does.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.bench.helpers.sized import sized
from tests.conftest import CHROMIUM
from tests.web.conftest import PROJECT, WEB, Firestore, built
from tests.web.data import documents
from tests.web.doubles.people import ADMIN, known
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage import publish, spliced

_SAMPLES, _MINUTES = sized((120, 0.5), (6, 0.1))
_WANTED = 150.0  # ms, of the requirement
_AT = 5.0  # s of the session, where the picture stands still
_LOOK = 5.0  # s between two looks at the page's memory
_BOXES = 12

# Resolves, for each x that is awaited, with the wall clock (ms) at which a box was drawn there.
_WATCH = """(() => {
  const drawn = new Map()
  window.frames_ = 0
  window.longest_ = 0
  let last = 0
  document.addEventListener('overlay-drawn', ({ detail }) => {
    const now = performance.timeOrigin + performance.now()
    for (const { x } of detail.boxes) if (!drawn.has(x.toFixed(5))) drawn.set(x.toFixed(5), now)
    if (drawn.size > 1000) drawn.delete(drawn.keys().next().value)
    if (detail.repaint) return
    window.frames_ += 1
    if (last) window.longest_ = Math.max(window.longest_, now - last)
    last = now
  })
  window.drawnAt = (x) => new Promise((done, failed) => {
    const until = performance.now() + 10000
    const look = () => {
      if (drawn.has(x)) done(drawn.get(x))
      else if (performance.now() > until) failed(new Error(`no box at ${x}`))
      else setTimeout(look, 5)
    }
    look()
  })
  window.player = () =>
    document.querySelector('ma-app').shadowRoot.querySelector('ma-watch').shadowRoot.querySelector('ma-player')
  window.video = () => player().shadowRoot.querySelector('video')
})()"""


def rows() -> Iterator[dict[str, object]]:
    """Milliseconds from a write to its box on the screen; megabytes, nodes and frames a second at first and at last."""
    built()
    minutes = float(os.environ.get("BENCH_PAGE_MINUTES") or _MINUTES)
    with tempfile.TemporaryDirectory() as folder:
        clip = synthetic.make(Path(folder) / "clip", 24, b_frames=2, audio_lead=0.3)
        with _page(Path(folder)) as (page, site, db):
            yield from _written_to_drawn(page, site, db, clip)
        with _page(Path(folder)) as (page, site, db):
            yield from _watched(page, site, db, clip, minutes)


@contextmanager
def _page(folder: Path) -> Generator[tuple[Page, Site, firestore.Client]]:
    """Chromium, the built page, and an empty database."""
    emulator = Firestore(folder)
    os.environ["FIRESTORE_EMULATOR_HOST"] = f"127.0.0.1:{emulator.port}"
    config: dict[str, object] = {
        "projectId": PROJECT,
        "apiKey": "none",
        "ingestUrl": "http://127.0.0.1:9",
        "firestoreEmulator": f"127.0.0.1:{emulator.port}",
    }
    site = Site(WEB / "dist", config)
    db = firestore.Client(project=PROJECT, credentials=AnonymousCredentials())
    known(db, ADMIN)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**CHROMIUM)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(_WATCH)
            yield page, site, db
            browser.close()
    finally:
        db.close()
        site.close()
        emulator.stop()


def _open(page: Page, site: Site, query: str = "") -> None:
    page.goto(site.page(f"?stream={documents.STREAM}{query}"))
    page.locator("ma-player-bar").wait_for(state="visible")


def _written_to_drawn(
    page: Page, site: Site, db: firestore.Client, clip: synthetic.Clip
) -> Iterator[dict[str, object]]:
    """The picture stands still on a sampled frame, whose results are written again and again, each time elsewhere."""
    publish.recorded(site, db, clip, range(12))
    _open(page, site, f"&t={_AT}")
    page.evaluate(f"drawnAt('{synthetic.box(_AT * synthetic.FPS)['x']:.5f}')")
    page.evaluate(f"video().pause(); player().seekSession({_AT})")
    number = round(_AT * synthetic.FPS)
    path = f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/{round(_AT * 1000):010d}"
    fields = documents.frame(number, 2, synthetic.STARTED)
    before, acknowledged = list[float](), list[float]()
    for at in range(_SAMPLES + 5):
        x = round(0.1 + at / 200, 5)
        fields["analyses"]["logo"]["detections"] = [documents.detection("Velox", "logo", 0.9, x, 0.5)]
        started = time.time() * 1000
        db.document(path).set(fields)
        stored = time.time() * 1000
        drawn = page.evaluate(f"drawnAt('{x:.5f}')")
        if at >= 5:  # the first ones warm up
            before.append(drawn - started)
            acknowledged.append(drawn - stored)
    for name, taken in (("from before the write", before), ("from its acknowledgement", acknowledged)):
        taken.sort()
        what = f"page: write → drawn, {name}, {_SAMPLES} ×"
        yield _row(f"{what}, p50", median(taken), _WANTED, "wanted", "ms")
        yield _row(f"{what}, p95", taken[round(0.95 * len(taken)) - 1], _WANTED, "wanted", "ms")


def _watched(
    page: Page, site: Site, db: firestore.Client, clip: synthetic.Clip, minutes: float
) -> Iterator[dict[str, object]]:
    """A live stream for so many minutes: the first and the last third of what was seen, side by side."""
    loops = round(minutes * 60 / clip.duration) + 3
    pieces = spliced.splice(*[(clip, range(12), 0.0)] * loops)
    sender = _Sender(site, db, pieces)
    sender.start()
    try:
        _open(page, site)
        client = page.context.new_cdp_session(page)
        looks = list(_looks(page, client, time.monotonic() + minutes * 60))
    finally:
        sender.stop()
    third = max(1, len(looks) // 3)
    what = f"page: {minutes:g} min of a busy stream"
    units = {"heap": "MB", "nodes": "", "listeners": "", "fps": "frames/s", "longest": "ms"}
    for key, unit in units.items():
        first, last = (median(look[key] for look in part) for part in (looks[:third], looks[-third:]))
        yield _row(f"{what}: {key}, last third", last, first, "first third", unit)


def _looks(page: Page, client: CDPSession, until: float) -> Iterator[dict[str, float]]:
    client.send("Performance.enable")
    client.send("HeapProfiler.enable")
    frames, at = page.evaluate("frames_"), time.monotonic()
    while time.monotonic() < until:
        page.wait_for_timeout(_LOOK * 1000)
        client.send("HeapProfiler.collectGarbage")
        seen: dict[str, float] = {one["name"]: one["value"] for one in client.send("Performance.getMetrics")["metrics"]}
        now, then = time.monotonic(), at
        shown = page.evaluate("frames_")
        longest = page.evaluate("(() => { const longest = longest_; longest_ = 0; return longest })()")
        yield {
            "heap": seen["JSHeapUsedSize"] / 1e6,
            "nodes": seen["Nodes"],
            "listeners": seen["JSEventListeners"],
            "fps": (shown - frames) / (now - then),
            "longest": longest,
        }
        frames, at = shown, now


class _Sender:
    """Writes what the functions would, segment by segment, as time passes; the playlist grows with it."""

    def __init__(self, site: Site, db: firestore.Client, pieces: list[spliced.Piece]) -> None:
        self._site, self._db, self._pieces = site, db, pieces
        self._session = db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}")
        self._ready = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        for number, piece in enumerate(self._pieces):
            self._site.media[f"{spliced.BASE}{number:08d}.ts"] = piece.clip.folder / piece.clip.segments[piece.segment]
        while self._ready < 6:
            self._store()
        self._site.media[spliced.BASE + "index.m3u8"] = self._playlist
        documents.session(self._db, segments=self._ready)
        documents.stream(self._db, state="live")
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(60)

    def _playlist(self) -> bytes:
        return spliced.playlist(self._pieces, max(0, self._ready - 6), self._ready, end=False).encode()

    def _run(self) -> None:
        begun = time.monotonic() - self._pieces[self._ready].at
        while not self._stopped.wait(max(0.0, begun + self._pieces[self._ready].at - time.monotonic())):
            self._store()
            if self._ready == len(self._pieces):
                return

    def _store(self) -> None:
        number = self._ready
        piece = self._pieces[number]
        stored = synthetic.STARTED + timedelta(seconds=piece.at + piece.duration)
        for at in range(piece.first, piece.first + synthetic.GOP, synthetic.KNOT):
            media_time = piece.at + (at - piece.first) / synthetic.FPS
            fields: dict[str, Any] = documents.frame(at, number, stored) | {"media_time": media_time}
            self._site.media[str(fields["snapshot"])] = partial(synthetic.jpeg, at)
            analyses = fields.pop("analyses")
            analyses["logo"]["detections"] += [_extra(at, one) for one in range(_BOXES)]
            frame = self._session.collection("frames").document(f"{round(media_time * 1000):010d}")
            frame.set(fields | {"analyses": {}})
            for kind, analysis in analyses.items():
                frame.update({f"analyses.{kind}": analysis})
        self._session.collection("segments").document(f"{number:08d}").set(spliced._segment(piece, number, stored))
        self._ready = number + 1
        if self._ready > 6:
            self._session.update({"segments": self._ready, "media_seconds": piece.at + piece.duration})


def _extra(at: int, one: int) -> dict[str, Any]:
    x = 0.05 + (at / 900 + one / _BOXES) % 1 * 0.8
    return documents.detection(f"Brand {one:02}", "logo", 0.6 + one / 40, x, 0.06 + one % 6 * 0.15, 0.08, 0.07)


def _row(bench: str, ours: float, other: float, name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": round(ours, 2), "other": round(other, 2), "other_name": name, "unit": unit}
