"""FFmpeg and what stands around it: probe, tracks, transcoders, timeline, segmenter, muxer."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.attack import attack


def test_damaged_media_neither_crash_nor_hang_nor_grow(inputs: dict[str, bytes], tmp_path: Path) -> None:
    attack("media", 100, inputs, tmp_path, {"segments", "refused after no segments"})
