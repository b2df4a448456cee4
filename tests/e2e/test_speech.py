"""A reading, live: the words in Firestore with their times, in the session's cost, and as captions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import sleep
from typing import Any

import numpy as np
import pytest
from tests.e2e.helpers.other_player import playing
from tests.e2e.helpers.person import signed_in
from tests.unit.speech.read_aloud import Reading, compared, joined, reading
from tests.unit.speech.spoken import RATE, clip
from tests.wait import until

from emulator.sample import streams
from pipeline.cloud.clients import firestore_client
from pipeline.domain.model import Segment, SegmentRef, Transcript, Word
from pipeline.maintenance import transcripts as final_transcripts
from pipeline.speech import sound
from sender import Push

pytestmark = [pytest.mark.stack, pytest.mark.browser]
STREAM, PATIENCE = "read-aloud", 90.0  # s
# The page's security policy forbids the eval of wait_for_function.
CAPTION = """(video) => new Promise((go, fail) => {
    setTimeout(() => fail(new Error('no caption was shown')), 60000)
    const track = [...video.textTracks].find(({ label }) => label === 'Speech')
    const look = () => track.activeCues?.length && go(track.activeCues[0].text)
    track.addEventListener('cuechange', look)
    look()
})"""


@pytest.fixture(scope="module")
def said() -> Reading:
    return reading()


@pytest.fixture(scope="module")
def film(said: Reading, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip on which it is read, in stereo at 48 kHz."""
    at = np.arange(said.samples.size * RATE // sound.RATE) * sound.RATE / RATE
    louder = np.interp(at, np.arange(said.samples.size), said.sound).astype(np.float32)
    return clip(tmp_path_factory.mktemp("film") / "read-aloud.ts", louder)


def transcripts(session: str) -> list[Transcript]:
    found = firestore_client().collection(f"streams/{STREAM}/sessions/{session}/transcripts").order_by("sequence")
    return [transcript(one.to_dict() or {}) for one in found.stream()]


def transcript(fields: dict[str, Any]) -> Transcript:
    ref = SegmentRef(STREAM, "", fields["sequence"])
    segment = Segment(ref, fields["media_time"], fields["duration"], fields["program_date_time"])
    words = tuple(Word(**word) for word in fields["words"])
    return Transcript(segment, fields["begins"], words, error=fields["error"], seconds=fields["seconds"])


def all_of(session: str, segments: int) -> list[Transcript]:
    """Once there is one for each segment."""

    def complete() -> list[Transcript] | None:
        return found if len(found := transcripts(session)) >= segments else None

    return until(complete, PATIENCE, lambda: f"the rest of {len(transcripts(session))} transcripts, of {segments},")


def plain(words: list[Word]) -> list[Word]:
    """Words without punctuation."""
    return [replace(word, text=word.text.strip(".").lower()) for word in words]


def final(session: str) -> list[Transcript]:
    """Once all are final. Maintenance comes round each minute: here each second, as if a minute had passed."""
    minutes = count(1)

    def complete() -> list[Transcript] | None:
        final_transcripts.sweep(datetime.now(UTC) + timedelta(minutes=next(minutes)))
        found = firestore_client().collection(f"streams/{STREAM}/sessions/{session}/transcripts").stream()
        return transcripts(session) if all(one.get("final") for one in (two.to_dict() or {} for two in found)) else None

    return until(complete, 2 * PATIENCE, "the final transcript", lambda _: sleep(1))


def captions(stack: Any, browser: Any) -> str:
    """The first caption that the page shows."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    signed_in(context, stack)
    page = context.new_page()
    try:
        page.goto(streams.page(stack, STREAM))
        page.get_by_role("button", name="Speech as captions").click(timeout=60_000)
        return str(page.locator("ma-player video").evaluate(CAPTION))
    finally:
        context.close()


def test_what_is_read_aloud_live_is_found_word_by_word_and_shown(
    stack: Any, browser: Any, said: Reading, film: Path
) -> None:
    key = streams.recreate(stack, STREAM, "Read aloud")
    streams.ask(stack, "PATCH", f"/streams/{STREAM}", {"settings": {"speech": {"enabled": True}}})
    push = Push(str(film), streams.address(stack, STREAM), key)
    push.start()
    push.join(120)
    [session] = streams.ask(stack, "GET", f"/streams/{STREAM}/sessions")["sessions"]
    heard = all_of(session["id"], session["segments"])
    assert [one.error for one in heard] == [None] * session["segments"]
    found = compared(plain(joined(heard)), said.words)
    print(f"{found.right:.0%} of {len(said.words)} words, {found.wrong:.0%} wrong, {median(found.errors):.3f} s off")
    assert found.right >= 0.6
    assert median(found.errors) <= 0.1
    assert {word.text for word in said.words} & set(captions(stack, browser).lower().split())

    whole = final(session["id"])
    again = compared(plain(joined(whole)), said.words)
    print(f"final: {again.right:.0%} of {len(said.words)} words, {again.wrong:.0%} wrong")
    assert again.right >= max(0.6, found.right - 0.1)
    assert any(word.text.endswith(".") for one in whole for word in one.words)
    with playing(stack, browser, STREAM) as player:
        cue, first = player.captions()[0], joined(whole)[0]
    assert cue["text"].split()[0] == first.text
    assert cue["startTime"] == pytest.approx(first.start, abs=0.1)
    cost = streams.ask(stack, "GET", f"/streams/{STREAM}/sessions/{session['id']}/cost")["cost"]
    assert cost["usage"]["speech_seconds"] == pytest.approx(sum(one.seconds for one in whole))
    assert cost["usage"]["speech_seconds"] >= 2 * said.seconds
