"""Puts a synthetic clip where the page looks for it: as a recording, or live, growing in real time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from google.cloud import firestore
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import Clip


def publish(
    site: Site, clip: Clip, playlist: bytes | Callable[[], bytes], file: str, session: str = documents.SESSION
) -> str:
    """Serves the clip's segments and snapshots beside a playlist; returns the playlist's object name."""
    base = f"playlists/{documents.STREAM}/{session}/"
    site.media |= {base + segment: clip.folder / segment for segment in clip.segments}
    site.media[base + file] = playlist
    for at in range(0, round(clip.duration * synthetic.FPS), synthetic.KNOT):
        name = f"frames/{documents.STREAM}/{session}/{round(at / synthetic.FPS * 1000):010d}.jpg"
        site.media[name] = partial(synthetic.jpeg, at)
    return base + file


def recorded(site: Site, db: firestore.Client, clip: Clip, analysed: range) -> None:
    """An ended session, with results for the segments of `analysed`."""
    vod = publish(site, clip, clip.playlist(0, 999, end=True).encode(), "vod.m3u8")
    ended = synthetic.STARTED + timedelta(seconds=clip.duration)
    documents.stream(db, state="ended")
    documents.session(db, ended=ended, vod=vod, segments=len(clip.segments), media_seconds=clip.duration)
    documents.segments(db, clip, analysed)
    documents.frames(db, clip, analysed)


def live(site: Site, db: firestore.Client, clip: Clip, *, ready: int = 6, session: str = documents.SESSION) -> None:
    """A session under way: `ready` segments are there, and one more comes as each has passed. The window has six."""
    begun = time.monotonic()
    length = clip.starts[1] - clip.starts[0]

    def playlist() -> bytes:
        last = min(len(clip.segments), ready + int((time.monotonic() - begun) / length))
        return clip.playlist(max(0, last - 6), min(last, 6), end=last == len(clip.segments)).encode()

    publish(site, clip, playlist, "index.m3u8", session)
    documents.session(db, session, segments=ready)
    documents.segments(db, clip, range(len(clip.segments)), session)
    documents.frames(db, clip, range(len(clip.segments)), session)
    documents.stream(db, state="live", session=session)
