"""Metadata for the session's document: the media as ingest stores them, after copying or transcoding."""

from __future__ import annotations

from typing import Any

from ..media.source import Media

_X264_DEFAULT = "avc1.64001f"  # High, level 3.1: only if a stream hides its parameter sets
_AAC = {"LC": "mp4a.40.2", "HE-AAC": "mp4a.40.5", "HE-AACv2": "mp4a.40.29"}


def of(media: Media) -> dict[str, Any]:
    """codecs (RFC 6381, as hls.js takes them), width, height, fps."""
    pictures = media.picture.format
    codecs = [pictures.codec or _X264_DEFAULT]
    if media.sound:
        codecs.append(_AAC.get(media.sound.template.profile or "LC", _AAC["LC"]))
    rate = media.video.average_rate or media.video.guessed_rate
    return {
        "codecs": ",".join(codecs),
        "width": pictures.width,
        "height": pictures.height,
        "fps": round(float(rate), 3) if rate else None,
    }
