"""What is damaged: a short clip in every container and with every kind of codec that ingest takes."""

from __future__ import annotations

from pathlib import Path

from tests.unit.ingest.clips import ffmpeg_remux, make_clip

_GOP = 0.5  # seconds
_FAST = {"deadline": "realtime", "cpu-used": "8"}


def corpus(folder: Path) -> dict[str, bytes]:
    """Inputs by name, some 40 KB each, with two groups of pictures or more; made in `folder`."""
    copied = make_clip(folder / "copied.ts", seconds=1.5, gop=_GOP)
    made = {"mpegts": copied.path}
    made |= {kind: ffmpeg_remux(copied.path, kind) for kind in ("flv", "mp4", "matroska")}
    made["silent.ts"] = make_clip(folder / "silent.ts", seconds=1.5, gop=_GOP, audio=None).path
    made["webm"] = make_clip(folder / "vp8.webm", 1, _GOP, video="libvpx", audio="libopus", options=_FAST, fps=10).path
    made["vp9.mkv"] = make_clip(
        folder / "vp9.mkv", 1, _GOP, video="libvpx-vp9", audio="libopus", options=_FAST, fps=10
    ).path
    made["mpeg2.ts"] = make_clip(folder / "mpeg2.ts", 0.6, 0.3, video="mpeg2video", audio="mp2").path
    made["mpeg4.mkv"] = make_clip(folder / "mpeg4.mkv", 1, _GOP, video="mpeg4", audio="flac", fps=10).path
    return {name: path.read_bytes() for name, path in made.items()}
