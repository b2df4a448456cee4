"""Documents of streams that run now, with figures that are known: a segment of 2 s and 1.2 MB each 2 s."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud import firestore

SECONDS, SIZE = 2.0, 1_200_000  # 4.8 Mbit/s
SESSION = "20260301T120000Z-abc123"


def now() -> datetime:
    return datetime.now(UTC)


def stream(db: firestore.Client, id: str, name: str, *, state: str = "live", age: float = 0.5, **changes: Any) -> None:
    """A stream whose newest segment was stored `age` s ago."""
    fields = {
        "tenant": "main",
        "name": name,
        "source": "OBS",
        "state": state,
        "session": SESSION,
        "last_segment_at": now() - timedelta(seconds=age),
        "error": None,
        "created": now(),
    }
    db.document(f"streams/{id}").set({**fields, **changes})


def session(
    db: firestore.Client, id: str, *, count: int = 30, sampled: int | None = None, age: float = 0.5, **changes: Any
) -> None:
    """Its session, of `count` stored segments, of which the first `sampled` are; a frame in each, analysed."""
    newest = now() - timedelta(seconds=age)
    path = f"streams/{id}/sessions/{SESSION}"
    fields = {
        "started": newest - timedelta(seconds=count * SECONDS),
        "ended": None,
        "playlist": f"playlists/{id}/{SESSION}/index.m3u8",
        "vod": None,
        "segments": count,
        "media_seconds": count * SECONDS,
        "repaired": 0,
        "dropped": 0,
        "error": None,
    }
    db.document(path).set({**fields, **changes})
    batch = db.batch()
    for sequence in range(count if sampled is None else sampled):
        stored = newest - timedelta(seconds=(count - 1 - sequence) * SECONDS)
        batch.set(db.document(f"{path}/segments/{sequence:08d}"), segment(sequence, stored))
        batch.set(db.document(f"{path}/frames/{sequence * 2000:010d}"), frame(id, sequence, stored))
    batch.commit()


def segment(sequence: int, stored: datetime) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "media_time": sequence * SECONDS,
        "duration": SECONDS,
        "program_date_time": stored,
        "finalized_at": stored,
        "sampled_at": stored + timedelta(milliseconds=150 + sequence % 10 * 10),
        "looked_at": 10,
        "frames": [round(sequence * SECONDS * 1000)],
        "same_as": None,
        "motion": 0.1,
        "bytes": SIZE,
        "discontinuity": sequence == 7,
    }


def frame(id: str, sequence: int, stored: datetime) -> dict[str, Any]:
    """Sampled 0.1 s after its segment was stored; a logo 0.4 s and a text 0.6 s later."""
    sampled = stored + timedelta(milliseconds=100)
    return {
        "media_time": sequence * SECONDS,
        "program_date_time": stored,
        "finalized_at": stored,
        "sampled_at": sampled,
        "segment": sequence,
        "snapshot": f"frames/{id}/{SESSION}/{sequence * 2000:010d}.jpg",
        "reason": "change",
        "width": 1280,
        "height": 720,
        "motion": 0.1,
        "kinds": ["logo", "text"],
        "analyses": {
            "logo": analysis("clip", 310, sampled + timedelta(milliseconds=400)),
            "text": analysis("vision", 480, sampled + timedelta(milliseconds=600)),
        },
    }


def analysis(provider: str, took_ms: int, done: datetime, error: str | None = None) -> dict[str, Any]:
    return {
        "provider": provider,
        "model": "m",
        "took_ms": took_ms,
        "detections": [],
        "error": error,
        "analyzed_at": done,
    }


def provider(db: firestore.Client, id: str, state: str = "ok", **changes: Any) -> None:
    fields = {"state": state, "model": "builtin/stable", "device": None, "queue": None, "updated": now()}
    db.document(f"providers/{id}").set({**fields, **changes})


def letter(number: int, **changes: Any) -> dict[str, Any]:
    """A dead letter as the API tells it."""
    fields = {
        "id": f"dev-segments-{number:024x}",
        "topic": "dev-segments",
        "object": f"segments/arena/{SESSION}/{number:08d}.ts",
        "error": "Poison",
        "reason": "the segment is not MPEG-TS: Invalid data found when processing input",
        "attempts": 5,
        "died_at": (now() - timedelta(minutes=4)).isoformat(),
        "retries": 0,
        "retried_at": None,
    }
    return {**fields, **changes}
