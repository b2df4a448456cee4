"""What the tests of the operators' pages share: pictures of marks, a stream that the gate looks at, ."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
from google.cloud import firestore
from playwright.sync_api import Locator, Page
from tests.web.data import documents
from tests.web.doubles.site import Site

STREAM, SESSION = documents.STREAM, documents.SESSION
STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECONDS = 2  # of a segment
VELOX = {"x": 0.28, "y": 0.42, "width": 0.2, "height": 0.22}


def mark(hue: int = 0, size: int = 160) -> bytes:
    """A mark on nothing: a ring with a bar, as PNG."""
    picture = np.zeros((size, size * 4 // 3, 4), np.uint8)
    blue, green, red = cv2.cvtColor(np.array([[[hue, 210, 150]]], np.uint8), cv2.COLOR_HSV2BGR)[0][0].tolist()
    color = (blue, green, red, 255)
    middle = (size * 2 // 3, size // 2)
    cv2.circle(picture, middle, size // 3, color, size // 9, cv2.LINE_AA)
    cv2.line(picture, (middle[0] - size // 5, middle[1]), (middle[0] + size // 2, middle[1]), color, size // 9)
    return cv2.imencode(".png", picture)[1].tobytes()


def brand(db: firestore.Client, site: Site, name: str, marks: int = 1, **fields: Any) -> str:
    """A brand as the API leaves it; its id."""
    which = name.lower().replace(" ", "-")
    names = [f"brands/{which}/{at:016x}.png" for at in range(marks)]
    for at, one in enumerate(names):
        site.media[one] = mark(hue=(sum(map(ord, name)) * 7 + 40 * at) % 180)
    base = {
        "tenant": "main",
        "name": name,
        "aliases": [],
        "prompts": [],
        "references": names,
        "threshold": None,
        "enabled": True,
    }
    db.document(f"brands/{which}").set({"tenant": "main", **base, **fields})
    return which


def picture(hue: int) -> bytes:
    """A frame, as JPEG: a wall with a sign on it."""
    shade = np.linspace(60, 150, 360, dtype=np.uint8)[:, None, None]
    frame = np.broadcast_to(shade, (360, 640, 3)).copy()
    frame[:, :, 0] = np.clip(frame[:, :, 0].astype(int) + hue, 0, 255)
    left, top = round(VELOX["x"] * 640), round(VELOX["y"] * 360)
    cv2.rectangle(frame, (left, top), (left + 128, top + 79), (235, 235, 240), -1)
    cv2.putText(frame, "VELOX", (left + 8, top + 48), cv2.FONT_HERSHEY_DUPLEX, 1.1, (20, 20, 30), 2)
    return cv2.imencode(".jpg", frame)[1].tobytes()


def looked_at(db: firestore.Client, site: Site, segments: int, *, revision: str = "r1", scores: Any = (0.93,)) -> None:
    """A live stream of so many segments, as `sample` and `detect` leave them. What was kept, and why, varies."""
    documents.stream(db)
    documents.session(db)
    batch = db.batch()
    for number in range(segments):
        segment(db, number, revision=revision, batch=batch)
        reason = "first" if number == 0 else {3: "cut", 0: "interval"}.get(number % 7, "change" if number % 2 else None)
        if reason:
            frame(db, site, number * SECONDS * 1000 + 200, reason, scores, batch)
    batch.commit()


def segment(db: firestore.Client, number: int, *, revision: str, batch: Any = None) -> None:
    """A sampled segment."""
    path = f"streams/{STREAM}/sessions/{SESSION}/segments/{number:08d}"
    fields = {
        "sequence": number,
        "media_time": float(number * SECONDS),
        "duration": float(SECONDS),
        "program_date_time": STARTED + timedelta(seconds=number * SECONDS),
        "finalized_at": STARTED + timedelta(seconds=number * SECONDS + 2),
        "sampled_at": STARTED + timedelta(seconds=number * SECONDS + 3),
        "looked_at": 10,
        "frames": [number * SECONDS * 1000 + 200] if number % 2 or number % 7 in (0, 3) else [],
        "same_as": None,
        "motion": 0.12 + 0.5 * abs(np.sin(number / 5)) * (number % 3 + 1) / 3,
        "gate": {"revision": revision, "tokens": 100.0},
    }
    if batch:
        batch.set(db.document(path), fields)
    else:
        db.document(path).set(fields)


def frame(
    db: firestore.Client, site: Site, media_ms: int, reason: str, scores: Any = (0.93,), batch: Any = None
) -> None:
    """A sampled frame with a logo of Velox for each score."""
    snapshot = f"frames/{STREAM}/{SESSION}/{media_ms:010d}.jpg"
    site.media[snapshot] = picture(media_ms // 400 % 90)
    fields = {
        "tenant": "main",
        "media_time": media_ms / 1000,
        "finalized_at": STARTED,
        "segment": media_ms // 1000 // SECONDS,
        "snapshot": snapshot,
        "reason": reason,
        "width": 640,
        "height": 360,
        "motion": 0.2,
        "kinds": ["logo"],
        "analyses": {"logo": documents.analysis(seen(*scores), STARTED)},
    }
    document = db.document(f"streams/{STREAM}/sessions/{SESSION}/frames/{media_ms:010d}")
    if batch:
        batch.set(document, fields)
    else:
        document.set(fields)


def seen(*scores: float) -> list[dict[str, Any]]:
    """Velox, so often."""
    places = [(VELOX["x"], VELOX["y"]), (0.62, 0.2), (0.08, 0.66)]
    return [
        documents.detection("Velox", "logo", score, *place, VELOX["width"], VELOX["height"])
        for score, place in zip(scores, places, strict=False)
    ]


FILES = """([files]) => {
    const transfer = new DataTransfer()
    for (const { name, type, data } of files) {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
        transfer.items.add(new File([bytes], name, { type }))
    }
    return transfer
}"""


def drop(target: Locator, *pictures: bytes, name: str = "dropped.png", kind: str = "image/png") -> None:
    """Lets files fall onto an element."""
    transfer = target.page.evaluate_handle(FILES, [_files(pictures, name, kind)])
    target.dispatch_event("dragover", {"dataTransfer": transfer})
    target.dispatch_event("drop", {"dataTransfer": transfer})


def paste(page: Page, picture: bytes) -> None:
    """Pastes a picture, as a screenshot's clipboard has it."""
    transfer = page.evaluate_handle(FILES, [_files((picture,), "image.png", "image/png")])
    page.evaluate(
        "(clipboardData) => document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))",
        transfer,
    )


def _files(pictures: tuple[bytes, ...], name: str, kind: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind, "data": base64.b64encode(one).decode()} for one in pictures]
