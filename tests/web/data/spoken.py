"""Transcripts of a clip: a word each half second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.cloud import firestore
from tests.web.data import documents
from tests.web.footage.clip import STARTED, Clip

EACH, LENGTH, LEAD = 0.5, 0.4, 1.0
"""A word is said each half second, and is called after its number; a segment hears a second of the one before."""


def transcripts(db: firestore.Client, clip: Clip, numbers: Iterable[int]) -> None:
    """What the segments have heard: whole words, and of those at their ends a part."""
    batch = db.batch()
    for number in numbers:
        start, end = clip.starts[number], clip.starts[number + 1]
        lead = LEAD if number else 0.0
        fields = {
            "sequence": number,
            "media_time": start,
            "duration": end - start,
            "program_date_time": STARTED,
            "begins": start - lead / 2,
            "words": [word for word in heard(start - lead, end) if middle(word) >= start - lead / 2 - 0.15],
            "language": "en-us",
            "model": "short",
            "seconds": 3.0,
            "took_ms": 300,
            "error": None,
        }
        path = f"streams/{documents.STREAM}/sessions/{documents.SESSION}/transcripts/{number:08d}"
        batch.set(db.document(path), fields)
    batch.commit()


def heard(start: float, end: float) -> list[dict[str, Any]]:
    words: list[dict[str, Any]] = []
    for number in range(round(end / EACH) + 2):
        first, last = number * EACH, number * EACH + LENGTH
        if last > start and first < end:
            text = str(number) if start <= first and last <= end else "mumble"
            words.append({"text": text, "start": max(first, start), "end": min(last, end), "confidence": 0.8})
    return words


def middle(word: dict[str, Any]) -> float:
    return (word["start"] + word["end"]) / 2
