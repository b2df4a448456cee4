"""The product's promise: what is drawn on a frame is what was seen on that very frame. The picture is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.watch.drawn import assert_exact, open_paused, open_recorded, record, seek_by

FRAMES = 120


@pytest.mark.parametrize(("b_frames", "audio_lead"), [(0, 0.0), (2, 0.3), (3, -0.12)])
def test_boxes_lie_on_the_frames_of_a_recording_and_again_after_a_seek(
    tmp_path: Path, site: Site, db: firestore.Client, watched: Watched, b_frames: int, audio_lead: float
) -> None:
    clip = synthetic.make(tmp_path, 20, b_frames=b_frames, audio_lead=audio_lead)
    recorded(site, db, clip, range(10))
    page = open_recorded(watched, site)
    assert_exact(record(page, FRAMES))
    page.evaluate("window.player().seekSession(13.5)")
    after = record(page, FRAMES, 13)
    assert min(one["number"] for one in after) >= 13.5 * synthetic.FPS
    assert_exact(after)


def test_boxes_lie_on_the_frames_of_a_live_stream_and_again_after_a_seek(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    page = open_recorded(watched, site)
    playing = record(page, FRAMES)
    assert_exact(playing)
    seek_by(page, "ArrowLeft")
    after = record(page, FRAMES)
    assert after[0]["number"] < playing[-1]["number"], "it went back"
    assert_exact(after)


def test_nothing_is_drawn_beyond_what_has_been_analysed(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(1))
    page = open_recorded(watched, site)
    last = record(page, 20)[-1]  # of some 30: a busy machine misses some
    assert last["sessionTime"] < 2
    expect(page.locator("ma-player .note")).to_have_text("Analysing…", timeout=15_000)
    page.keyboard.press("k")
    expect(page.locator("ma-frame-panel")).to_contain_text("This frame is still being analysed.")


def test_results_that_arrive_late_are_drawn_on_a_paused_frame(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(1))
    page = open_paused(watched, site)
    page.evaluate("window.player().seekSession(5)")
    expect(page.locator("ma-player .note")).to_have_text("Analysing…")
    assert page.evaluate("window.player().shadowRoot.querySelector('video').paused")
    drawn = page.evaluate_handle("({ next: window.repainted() })")
    documents.frames(db, stream_clip, range(1, 4))
    documents.segments(db, stream_clip, range(1, 4))
    one = drawn.evaluate("(handle) => handle.next")
    assert one["number"] == 5 * synthetic.FPS
    assert_exact([one])


@pytest.mark.parametrize(("reason", "until"), [("change", 1.75), ("cut", 2.0)])
def test_what_is_gone_on_the_next_sampled_frame_goes_half_way_or_at_the_cut(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, reason: str, until: float
) -> None:
    """The text is there on the frame at 1.5 s, and no longer on the one at 2 s."""
    recorded(site, db, stream_clip, range(12))
    db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/0000002000").update({"reason": reason})
    page = open_paused(watched, site)
    again = (
        "const shown = window.playedTo(2.5); player().seekSession(0); player().act({ type: 'toggle' }); return shown"
    )
    seen = [one for one in page.evaluate(f"(() => {{ {again} }})()") if one["sessionTime"] < 2.5]
    shown = [one["sessionTime"] for one in seen if "FINAL LAP" in [box["label"] for box in one["boxes"]]]
    assert shown == [one["sessionTime"] for one in seen if one["sessionTime"] < until - 0.001]
    assert any(time > 1.5 for time in shown)
    assert len(seen) > len(shown)
