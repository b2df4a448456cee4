"""Retention: documents are kept as long as their media. Firestore deletes them at their `expires`.

All documents of a session (its own, segments, frames, minutes, transcripts) stay until the last of its media is
deleted: its reports and its timeline are whole until then. Documents of earlier releases have no `expires`, and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Retention:
    """The days after which the buckets delete their objects."""

    segment_days: int = setting("SEGMENT_DAYS", "days until segments and playlists are deleted", 7)
    frame_days: int = setting(
        "FRAME_DAYS",
        "days until sampled frames are deleted; documents of a session after the longer of this and `SEGMENT_DAYS`",
        30,
    )
    upload_days: int = setting(
        "UPLOAD_DAYS",
        "days until uploaded files and the documents of their imports are deleted",
        7,
    )


@dataclass(frozen=True, slots=True)
class Clips:
    """The days after which clips are deleted."""

    days: int = setting("CLIP_DAYS", "days until clips, and their documents, are deleted; 0: they are kept", 0)


@cache
def clips() -> Clips:
    """The setting of this process."""
    return load(Clips)


@cache
def retention() -> Retention:
    """The settings of this process."""
    return load(Retention)


def of_session() -> datetime:
    """The expiry of a document of a session that is written now."""
    return datetime.now(UTC) + timedelta(days=max(retention().segment_days, retention().frame_days))


def of_upload() -> datetime:
    """The expiry of the document of an import that is written now."""
    return datetime.now(UTC) + timedelta(days=retention().upload_days)
