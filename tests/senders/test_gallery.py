"""The gallery: one small stream of each family of encoders, by each way in that takes it, judged by one oracle.

A new report is one more line of `GALLERY`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from tests.senders.inputs import ffmpeg, stored
from tests.senders.oracle import Found, cut_by_ffmpeg, holes, live, sent, uploaded

SECONDS = 4
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")
FRAGMENTS = ("-movflags", "frag_keyframe+empty_moov+default_base_moof+delay_moov")
WAYS: dict[str, Callable[[str], Found]] = {
    "post": lambda path: live(Path(path).read_bytes()),  # and the WebSocket, and the relay of RTMP
    "file": lambda path: uploaded(Path(path).read_bytes()),
    "sender": lambda path: live(sent(path)),
    "hls": cut_by_ffmpeg,
}
ALL, WHOLE = ("post", "file", "sender", "hls"), ("post", "file", "sender")


@dataclass(frozen=True)
class Family:
    """A family of encoders: the name of what it writes, how it codes, the ways in, its rate and its size in pixels."""

    name: str
    coded: tuple[str, ...]
    ways: tuple[str, ...] = WHOLE
    rate: int = 25
    size: tuple[int, int] = (192, 108)
    sound: bool = True


GALLERY = {
    "obs": Family("a.flv", (*H264, "-bf", "2", "-g", "60", *AAC, "-ar", "44100"), ALL, rate=30),
    "obs recording": Family("a.mkv", (*H264, "-bf", "2", "-g", "120", *AAC), rate=60),
    "ffmpeg": Family("a.ts", (*H264, "-bf", "3", "-g", "50", *AAC), ALL),
    "vmix": Family("a.mp4", (*H264, "-g", "50", *AAC, *FRAGMENTS), ALL),
    "hardware, mono at 8 kHz": Family("a.ts", (*H264, "-bf", "0", "-g", "25", *AAC, "-ac", "1", "-ar", "8000"), ALL),
    "hardware, LATM": Family("a.ts", (*H264, "-bf", "0", "-g", "50", *AAC, "-mpegts_flags", "latm"), ("post", "file")),
    "recorder, 192 bytes": Family("a.m2ts", (*H264, "-g", "50", "-c:a", "ac3"), ("file", "sender")),
    "broadcast": Family("a.ts", ("-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-c:a", "mp2")),
    "broadcast, 5.1": Family("a.ts", (*H264, "-g", "50", *AAC, "-ac", "6"), ALL),
    "telephone": Family(
        "a.mov", ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", *AAC), ("file", "sender")
    ),
    "telephone, H.264": Family("a.mp4", (*H264, "-bf", "2", "-g", "30", *AAC), ("file", "sender", "hls"), rate=30),
    "webcam": Family("a.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-g", "60", "-c:a", "libopus"), rate=30),
    "camera, MJPEG": Family("a.avi", ("-c:v", "mjpeg", "-q:v", "3", "-c:a", "pcm_s16le"), ("file",)),
    "lossless 4:4:4": Family(
        "a.mkv", ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv444p", "-preset", "ultrafast", *AAC)
    ),
    "slow": Family("a.ts", (*H264, "-g", "2", *AAC), ALL, rate=1),
    "fast": Family("a.ts", (*H264, "-g", "240", *AAC), ALL, rate=120),
    "mute": Family("a.ts", (*H264, "-g", "50"), ALL, sound=False),
    "small": Family("a.ts", (*H264, "-g", "50", *AAC), ALL, size=(16, 16)),
    "upright": Family("a.flv", (*H264, "-g", "60", *AAC), ALL, rate=30, size=(108, 192)),
}


def written(family: Family) -> bytes:
    width, height = family.size
    picture = f"smptebars=s={width}x{height}:r={family.rate}"
    sound = ("-f", "lavfi", "-i", "sine=440:r=48000") if family.sound else ()
    return ffmpeg(family.name, "-f", "lavfi", "-i", picture, *sound, "-t", str(SECONDS), *family.coded)


@pytest.mark.parametrize(("family", "way"), [(name, way) for name, one in GALLERY.items() for way in one.ways])
def test_what_it_sends_is_shown(family: str, way: str) -> None:
    sender = GALLERY[family]
    data = written(sender)
    frame = 1 / sender.rate

    found = WAYS[way](stored(data, sender.name))

    assert found.ends == pytest.approx(SECONDS, abs=frame + 0.1)
    assert len(found.pictures) == pytest.approx(SECONDS * sender.rate, abs=2)
    assert found.pictures == sorted(found.pictures)
    assert holes(found.pictures) == pytest.approx(frame, abs=0.002)
    assert not any(found.breaks)
    if sender.sound:
        assert holes(found.sounds) < 0.13
        assert found.sounds[-1] == pytest.approx(SECONDS, abs=0.25)
    with av.open(io.BytesIO(data), "r") as container:
        expected = next(container.decode(video=0)).to_ndarray(format="rgb24")
    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert shown.shape == expected.shape == (*sender.size[::-1], 3)
    assert np.abs(shown.astype(int) - expected.astype(int)).mean() < 5
