"""Chromium plays to the end what peers' players give up at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg
from tests.senders.oracle import Found, live, uploaded
from tests.senders.watching import played


def advertisement() -> Found:
    """Stereo, then 5.1, on the same PID."""
    parts = [
        ffmpeg("a.ts", *PICTURE, *TONE, "-t", "4", *X264, *AAC, "-ac", channels, "-output_ts_offset", start)
        for channels, start in (("2", "0"), ("6", "4"))
    ]
    return live(b"".join(parts))


def still_screen() -> Found:
    """A recording in which nothing moves for 14 s."""
    still = ("-vf", "select='lt(t,2)+gte(t,16)'", "-vsync", "vfr")
    return uploaded(ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "18", *still, *X264, *AAC))


@pytest.mark.parametrize(("made", "seconds"), [(advertisement, 8), (still_screen, 18)])
def test_it_plays_to_its_end(browser: Any, made: Any, seconds: float) -> None:
    assert played(browser, {"it": made()})["it"] == (None, pytest.approx(seconds, abs=0.3))
