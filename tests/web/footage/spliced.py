"""A session whose sender broke off and came back: segments of a clip behind discontinuities, live or recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from google.cloud import firestore
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import FPS, KNOT, STARTED, Clip

BASE = f"playlists/{documents.STREAM}/{documents.SESSION}/"


@dataclass(frozen=True)
class Piece:
    """One segment of the session: number `segment` of `clip`, shown from `at` (s of the session) on."""

    clip: Clip
    segment: int
    at: float
    discontinuity: bool = False

    @property
    def duration(self) -> float:
        return self.clip.starts[self.segment + 1] - self.clip.starts[self.segment]

    @property
    def first(self) -> int:
        """The number that its first picture carries."""
        return round(self.clip.starts[self.segment] * FPS)


def splice(*runs: tuple[Clip, Sequence[int], float]) -> list[Piece]:
    """Runs of (clip, its segments, seconds without a sender before them)."""
    pieces: list[Piece] = []
    now = 0.0
    for clip, numbers, gap in runs:
        now += gap
        for number in numbers:
            pieces.append(Piece(clip, number, now, discontinuity=bool(pieces) and number == numbers[0]))
            now += pieces[-1].duration
    return pieces


def playlist(pieces: Sequence[Piece], first: int, last: int, *, end: bool, target: int = 2) -> str:
    """A media playlist of the pieces from `first` to before `last`, as RFC 8216 asks for it."""
    gone = sum(piece.discontinuity for piece in pieces[:first])
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{target}", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
    lines += [f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}"] if any(piece.discontinuity for piece in pieces) else []
    for number, piece in enumerate(pieces[first:last], first):
        when = (STARTED + timedelta(seconds=piece.at)).isoformat(timespec="milliseconds")
        lines += ["#EXT-X-DISCONTINUITY"] if piece.discontinuity else []
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{when}", f"#EXTINF:{piece.duration:.6f},", f"{number:08d}.ts"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""] if end else [*lines, ""])


def recorded(site: Site, db: firestore.Client, pieces: Sequence[Piece]) -> None:
    """The session has ended; everything in it was analysed."""
    _store(site, db, pieces)
    site.media[BASE + "vod.m3u8"] = playlist(pieces, 0, len(pieces), end=True).encode()
    end = STARTED + timedelta(seconds=pieces[-1].at + pieces[-1].duration)
    documents.stream(db, state="ended")
    documents.session(db, ended=end, vod=BASE + "vod.m3u8", segments=len(pieces))


def live(site: Site, db: firestore.Client, pieces: Sequence[Piece], *, ready: int, window: int = 6) -> None:
    """`ready` pieces are there, and one more comes as each has passed in real time, from the first request on."""
    _store(site, db, pieces)
    begun: list[float] = []

    def now() -> bytes:
        begun.append(time.monotonic())
        passed = begun[-1] - begun[0]
        last = next(at for at in count(ready) if at >= len(pieces) or passed < _until(pieces, ready, at))
        return playlist(pieces, max(0, last - window), last, end=last == len(pieces)).encode()

    site.media[BASE + "index.m3u8"] = now
    documents.session(db, segments=ready)
    documents.stream(db, state="live")


def _until(pieces: Sequence[Piece], ready: int, at: int) -> float:
    """Seconds from the beginning of the test until piece `at` is finished."""
    return pieces[at].at + pieces[at].duration - (pieces[ready - 1].at + pieces[ready - 1].duration)


def _store(site: Site, db: firestore.Client, pieces: Sequence[Piece]) -> None:
    batch = db.batch()
    session = db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}")
    for number, piece in enumerate(pieces):
        site.media[f"{BASE}{number:08d}.ts"] = piece.clip.folder / piece.clip.segments[piece.segment]
        stored = STARTED + timedelta(seconds=piece.at + piece.duration)
        batch.set(session.collection("segments").document(f"{number:08d}"), _segment(piece, number, stored))
        for at in range(piece.first, piece.first + round(piece.duration * FPS), KNOT):
            when = piece.at + (at - piece.first) / FPS
            fields = documents.frame(at, number, stored) | {"media_time": when}
            site.media[str(fields["snapshot"])] = partial(synthetic.jpeg, at)
            batch.set(session.collection("frames").document(f"{round(when * 1000):010d}"), fields)
    batch.commit()


def _segment(piece: Piece, number: int, stored: datetime) -> dict[str, object]:
    return {
        "sequence": number,
        "media_time": piece.at,
        "duration": piece.duration,
        "program_date_time": STARTED + timedelta(seconds=piece.at),
        "finalized_at": stored,
        "sampled_at": stored + timedelta(seconds=0.2),
    }
