"""What is said, as captions on the picture: from documents alone, at the very moment, each word once."""

from __future__ import annotations

from pathlib import Path

from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import running
from tests.web.data.spoken import EACH, transcripts
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.views import look
from tests.web.watch.drawn import open_paused, open_recorded, record

TRACK = "[...window.player().shadowRoot.querySelector('video').textTracks].find(({ label }) => label === 'Speech')"
ACTIVE = f"""new Promise((done, failed) => {{
  setTimeout(() => failed(new Error('no caption')), 20000)
  const track = {TRACK}
  const look = () => track.activeCues?.length && done(track.activeCues[0].text)
  track.addEventListener('cuechange', look)
  look()
}})"""
ALL = f"[...{TRACK}.cues].map(({{ text }}) => text).join(' ').split(' ')"
SHOWN = """new Promise((done, failed) => {
  setTimeout(() => failed(new Error('nothing is drawn')), 20000)
  document.addEventListener('overlay-drawn', ({ detail }) => detail.sessionTime !== null && done(detail.sessionTime))
  window.player().redraw()
})"""
SOUGHT = """(time) => new Promise((done) => {
  const video = window.player().shadowRoot.querySelector('video')
  const presented = () => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))
  video.addEventListener('seeked', presented, { once: true })
  window.player().seekSession(time)
})"""


def said_at(page: Page) -> str:
    """The word that belongs to the frame on the screen, or to the pause after it."""
    return str(int(page.evaluate(SHOWN) / EACH))


def test_what_is_said_is_shown_at_its_moment_and_each_word_once(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    transcripts(db, stream_clip, range(12))
    page = open_paused(watched, site)
    button = page.get_by_role("button", name="Speech as captions")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("t")
    expect(button).to_have_attribute("aria-pressed", "true")
    for time in (5.2, 12.1, 0.1):
        page.evaluate(f"({SOUGHT})({time})")
        assert said_at(page) in page.evaluate(ACTIVE).split(" ")
    words = page.evaluate(ALL)
    assert "mumble" not in words[:-1]
    numbers = [int(word) for word in words if word != "mumble"]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 20
    page.keyboard.press("c")
    look(page, screenshots, "speech")
    page.keyboard.press("t")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_live_captions_come_with_the_documents(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    page = open_recorded(watched, site)
    record(page, 5)
    button = page.get_by_role("button", name="Speech as captions")
    expect(button).to_have_count(0)  # it is not transcribed
    page.keyboard.press("t")
    transcripts(db, stream_clip, [0])
    button.click()
    transcripts(db, stream_clip, range(len(stream_clip.starts) - 1))
    page.evaluate(ACTIVE)
    page.keyboard.press("k")
    assert said_at(page) in page.evaluate(ACTIVE).split(" ")


def test_a_recogniser_that_fails_is_said_on_the_page_of_whoever_is_listened_to(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    running.provider(db, "vision")
    running.provider(db, "speech", "failing", last_error="Quota exceeded.", last_error_at=running.now())
    page = open_recorded(watched, site)
    problem = page.locator("ma-stream-problems ma-problems li")
    expect(page.locator("ma-player-bar")).to_be_visible()
    expect(problem).to_have_count(0)  # this stream is not listened to
    transcripts(db, stream_clip, [0])
    expect(problem).to_contain_text("Speech-to-Text fails now and then")
    expect(problem).to_contain_text("Quota exceeded.")
