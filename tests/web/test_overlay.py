"""The product's promise: what is drawn on a frame is what was seen on that very frame. The picture itself is the judge."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page

from . import clip as synthetic
from . import documents
from .clip import Clip
from .conftest import Watched
from .site import Site

FRAMES = 120
RECORDER = (Path(__file__).parent / "recorder.js").read_text()
TIMECODE = {"x": synthetic.X, "y": synthetic.Y, "cell": synthetic.CELL, "bits": synthetic.BITS}


def publish(site: Site, clip: Clip, playlist: bytes | Callable[[], bytes], name: str = "index.m3u8") -> None:
    base = f"playlists/{documents.STREAM}/{documents.SESSION}/"
    site.media |= {base + segment: clip.folder / segment for segment in clip.segments}
    site.media[base + name] = playlist
    for at in range(0, round(clip.duration * synthetic.FPS), synthetic.KNOT):
        media_ms = round(at / synthetic.FPS * 1000)
        site.media[f"frames/{documents.STREAM}/{documents.SESSION}/{media_ms:010d}.jpg"] = partial(synthetic.jpeg, at)


def open_recorded(watched: Watched, site: Site) -> Page:
    watched.context.add_init_script(RECORDER.replace("TIMECODE", json.dumps(TIMECODE)))
    return watched.open(site.page(f"?stream={documents.STREAM}"))


def record(page: Page, frames: int, since: float = 0) -> list[dict[str, Any]]:
    """What was drawn on the next `frames` frames that have a box, at `since` s of the session or later."""
    return page.evaluate(f"window.record({frames}, {since})")


def frame_errors(recorded: list[dict[str, Any]]) -> list[float]:
    """By how many frames each drawn box is off: the nearest instant at which the burnt-in box lies where it was drawn."""
    errors: list[float] = []
    for one in recorded:
        number = one["number"]
        assert number is not None, "the picture carries no number"
        drawn = next(box for box in one["boxes"] if box["label"] == "Velox")
        offsets = sorted((at / 15 for at in range(-45, 46)), key=abs)
        errors.append(min(offsets, key=lambda by: round(_distance(drawn, synthetic.box(max(0, number + by))), 5)))
    return errors


def _distance(drawn: dict[str, float], truth: dict[str, float]) -> float:
    return abs(drawn["x"] - truth["x"]) + abs(drawn["y"] - truth["y"])


def clock_errors_ms(recorded: list[dict[str, Any]]) -> list[float]:
    return [1000 * (one["sessionTime"] - one["number"] / synthetic.FPS) for one in recorded]


def assert_exact(recorded: list[dict[str, Any]]) -> None:
    errors, clock = frame_errors(recorded), clock_errors_ms(recorded)
    print(f"{len(errors)} frames: box off by {min(errors):+.2f} to {max(errors):+.2f} frames,", end=" ")
    print(f"clock off by {min(clock):+.2f} to {max(clock):+.2f} ms")
    assert max(map(abs, errors)) <= 0.5
    assert max(map(abs, clock)) <= 4


@pytest.mark.parametrize(("b_frames", "audio_lead"), [(0, 0.0), (2, 0.3), (3, -0.12)])
def test_boxes_lie_on_their_frames_while_playing_and_after_a_seek(
    tmp_path: Path, site: Site, db: firestore.Client, watched: Watched, b_frames: int, audio_lead: float
) -> None:
    clip = synthetic.make(tmp_path, 24, b_frames=b_frames, audio_lead=audio_lead)
    publish(site, clip, clip.playlist(0, 99, end=True).encode(), "vod.m3u8")
    vod = f"playlists/{documents.STREAM}/{documents.SESSION}/vod.m3u8"
    documents.stream(db, state="ended")
    documents.session(db, ended=synthetic.STARTED + timedelta(seconds=24), vod=vod)
    documents.segments(db, clip, range(12))
    documents.frames(db, clip, range(12))
    page = open_recorded(watched, site)
    assert_exact(record(page, FRAMES))
    page.evaluate("window.player().seekSession(15.5)")
    after = record(page, FRAMES, 15)
    assert min(one["number"] for one in after) >= 15.5 * synthetic.FPS
    assert_exact(after)
