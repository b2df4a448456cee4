"""Documents as the functions write them (docs/contracts.md), for a synthetic clip whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from tests.web.footage.clip import BOX, FPS, HEIGHT, KNOT, STARTED, WIDTH, Clip, box

STREAM, SESSION = "velodrome-2", "20260301T120000Z-abc123"


def stream(db: firestore.Client, **changes: Any) -> None:
    fields = {
        "tenant": "main",
        "visibility": "private",
        "viewers": [],
        "name": "Velodrome, camera 2",
        "source": "OBS",
        "state": "live",
        "session": SESSION,
        "settings": {"kinds": [], "threshold": None, "brands": []},
        "last_segment_at": None,
        "error": None,
        "created": STARTED,
    }
    db.document(f"streams/{STREAM}").set({**fields, **changes})


def session(db: firestore.Client, name: str = SESSION, **changes: Any) -> None:
    fields = {
        "started": STARTED,
        "ended": None,
        "playlist": f"playlists/{STREAM}/{name}/index.m3u8",
        "vod": None,
        "codecs": "avc1.64001e,mp4a.40.2",
        "width": WIDTH,
        "height": HEIGHT,
        "fps": float(FPS),
        "segments": 0,
        "media_seconds": 0.0,
        "error": None,
    }
    db.document(f"streams/{STREAM}/sessions/{name}").set({**fields, **changes})


def segments(db: firestore.Client, clip: Clip, numbers: Iterable[int], name: str = SESSION) -> None:
    batch = db.batch()
    for number in numbers:
        start, end = clip.starts[number], clip.starts[number + 1]
        stored = STARTED + timedelta(seconds=end)
        fields = {
            "sequence": number,
            "media_time": start,
            "duration": end - start,
            "program_date_time": STARTED + timedelta(seconds=start),
            "finalized_at": stored,
            "sampled_at": stored + timedelta(seconds=0.2),
            "looked_at": 8,
            "frames": [],
            "same_as": None,
            "motion": 0.2,
        }
        batch.set(db.document(f"streams/{STREAM}/sessions/{name}/segments/{number:08d}"), fields)
    batch.commit()


def frames(db: firestore.Client, clip: Clip, numbers: Iterable[int], name: str = SESSION) -> None:
    """A sampled and analysed frame at each knot of the given segments, and one at the very end of the clip."""
    batch = db.batch()
    for number in numbers:
        first, last = (round(clip.starts[at] * FPS) for at in (number, number + 1))
        for at in range(first, last, KNOT):
            media_ms = round(at / FPS * 1000)
            stored = STARTED + timedelta(seconds=clip.starts[number + 1])
            fields = frame(at, number, stored, name)
            batch.set(db.document(f"streams/{STREAM}/sessions/{name}/frames/{media_ms:010d}"), fields)
    batch.commit()


def frame(at: int, segment: int, stored: datetime, name: str = SESSION) -> dict[str, Any]:
    """The document of the clip's frame `at`: the box as a logo, and a text that is there every other second."""
    words = [] if at // 60 % 2 else [detection("FINAL LAP", "text", 0.81, 0.05, 0.9, 0.3, 0.07)]
    done = stored + timedelta(seconds=0.35 + at % 7 / 20)
    analyses = {
        "logo": analysis([detection("Velox", "logo", 0.9 + at % 9 / 100, *box(at).values())], done),
        "text": analysis(words, done),
    }
    return {
        "tenant": "main",
        "stream": STREAM,
        "seen": seen(analyses),
        "media_time": at / FPS,
        "program_date_time": STARTED + timedelta(seconds=at / FPS),
        "finalized_at": stored,
        "segment": segment,
        "snapshot": f"frames/{STREAM}/{name}/{round(at / FPS * 1000):010d}.jpg",
        "reason": "change",
        "width": WIDTH,
        "height": HEIGHT,
        "visual": {
            "brightness": 0.42 + at % 11 / 60,
            "contrast": 0.3 + at % 5 / 60,
            "saturation": 0.2 + at % 9 / 60,
            "colors": [
                {"hex": "#5b6b80", "share": 0.46},
                {"hex": "#76808c", "share": 0.31},
                {"hex": "#344759", "share": 0.15},
                {"hex": "#e6ecf2", "share": 0.08},
            ],
        },
        "motion": 0.1 + at % 13 / 20,
        "kinds": ["logo", "text"],
        "analyses": analyses,
    }


def seen(analyses: dict[str, Any]) -> list[str]:
    """What a frame with these analyses is found by (docs/contracts.md)."""
    found = [(kind, one["label"].lower()) for kind, each in analyses.items() for one in each["detections"]]
    return sorted({tag for kind, label in found for tag in (":", f"{kind}:", f":{label}", f"{kind}:{label}")})


def analysis(detections: list[dict[str, Any]], done: datetime) -> dict[str, Any]:
    model = "builtin/stable"
    return {
        "provider": "vision",
        "model": model,
        "took_ms": 120,
        "error": None,
        "detections": detections,
        "analyzed_at": done,
    }


def detection(
    label: str, kind: str, confidence: float, x: float, y: float, width: float = BOX[0], height: float = BOX[1]
) -> dict[str, Any]:
    place = {"x": x, "y": y, "width": width, "height": height}
    return {"label": label, "kind": kind, "confidence": confidence, "box": place}
