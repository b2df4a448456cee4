"""The gallery: one small stream of each family of encoders, and the ways in that take it.

A new report is one more line of `GALLERY`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from pipeline.detection.logos.model import Pixels
from tests.senders.fields import field_coded
from tests.senders.inputs import ffmpeg, stored
from tests.senders.oracle import Found, cut_by_ffmpeg, live, sent, uploaded

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0")
AAC = ("-c:a", "aac", "-b:a", "64k")
FRAGMENTS = ("-movflags", "frag_keyframe+empty_moov+default_base_moof+delay_moov")
CONSTANT = ("-b:v", "400k", "-maxrate", "400k", "-bufsize", "400k", "-muxrate", "1M", "-x264-params", "nal-hrd=cbr")
WRAPS = "95441.7"  # s: 2 s before the 33 bits of a transport stream's clock are full
WAYS: dict[str, Callable[[str], Found]] = {
    "post": lambda path: live(Path(path).read_bytes()),  # and the WebSocket, and the relay of RTMP
    "file": lambda path: uploaded(Path(path).read_bytes()),
    "sender": lambda path: live(sent(path)),
    "hls": cut_by_ffmpeg,
}
ALL, WHOLE = ("post", "file", "sender", "hls"), ("post", "file", "sender")
_BARS = ((180, 180, 180), (16, 180, 180), (180, 180, 16), (16, 180, 16), (180, 16, 180), (16, 16, 180), (180, 16, 16))


@dataclass(frozen=True)
class Family:
    """A family of encoders: the name of what it writes, how it codes, the ways in, its rate and its size in pixels.

    `word` stands on its picture; where it is empty, there is no room for one. `made`: another maker than ffmpeg.
    `units`: access units of a picture, two where each field is one.
    """

    name: str
    coded: tuple[str, ...]
    ways: tuple[str, ...] = WHOLE
    rate: float = 25
    size: tuple[int, int] = (192, 108)
    sound: bool = True
    seconds: int = 4
    word: str = ""
    made: Callable[[], bytes] | None = None
    units: int = 1

    def written(self) -> bytes:
        if self.made:
            return self.made()
        chart = stored(cv2.imencode(".png", charted(self.size, self.word))[1].tobytes(), "chart.png")
        picture = ("-loop", "1", "-framerate", str(self.rate), "-i", chart)
        sound = ("-f", "lavfi", "-i", "sine=440:r=48000") if self.sound else ()
        return ffmpeg(self.name, *picture, *sound, "-t", str(self.seconds), *self.coded)


GALLERY = {
    "obs": Family("a.flv", (*H264, "-bf", "2", "-g", "60", *AAC, "-ar", "44100"), ALL, rate=30, word="alpha"),
    "obs recording": Family("a.mkv", (*H264, "-bf", "2", "-g", "120", *AAC), rate=60, word="bravo"),
    "ffmpeg": Family("a.ts", (*H264, "-bf", "3", "-g", "50", *AAC), ALL, word="charlie"),
    "vmix": Family("a.mp4", (*H264, "-g", "50", *AAC, *FRAGMENTS), ALL, word="delta"),
    "hardware, mono at 8 kHz": Family(
        "a.ts", (*H264, "-bf", "0", "-g", "25", *AAC, "-ac", "1", "-ar", "8000"), ALL, word="echo"
    ),
    "hardware, LATM": Family(
        "a.ts", (*H264, "-bf", "0", "-g", "50", *AAC, "-mpegts_flags", "latm"), ("post", "file"), word="foxtrot"
    ),
    "hardware, PAFF": Family("a.ts", (), ALL, size=(160, 96), sound=False, made=field_coded, units=2),
    "hardware, up for a day": Family(
        "a.ts", (*H264, "-bf", "2", "-g", "50", *AAC, "-output_ts_offset", WRAPS), ALL, word="golf"
    ),
    "recorder, 192 bytes": Family("a.m2ts", (*H264, "-g", "50", "-c:a", "ac3"), ("file", "sender"), word="hotel"),
    "broadcast": Family("a.ts", ("-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-c:a", "mp2"), word="india"),
    "broadcast, 5.1": Family("a.ts", (*H264, "-g", "50", *AAC, "-ac", "6"), ALL, word="juliet"),
    "telephone": Family(
        "a.mov",
        (
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            "log-level=error",
            "-crf",
            "18",
            "-tag:v",
            "hvc1",
            *AAC,
        ),
        ("file", "sender"),
        word="kilo",
    ),
    "telephone, H.264": Family(
        "a.mp4", (*H264, "-bf", "2", "-g", "30", *AAC), ("file", "sender", "hls"), rate=30, word="lima"
    ),
    "webcam": Family(
        "a.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-g", "60", "-c:a", "libopus"), rate=30, word="mike"
    ),
    "camera, MJPEG": Family("a.avi", ("-c:v", "mjpeg", "-q:v", "3", "-c:a", "pcm_s16le"), ("file",), word="november"),
    "lossless 4:4:4": Family(
        "a.mkv", ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv444p", "-preset", "ultrafast", *AAC), word="oscar"
    ),
    "a name that is odd": Family(
        "Été 1, «a» #2 & 50 %41? 'x'.mp4", (*H264, "-g", "50", *AAC), ("file", "sender", "hls"), word="papa"
    ),
    "surveillance": Family("a.ts", (*H264, "-g", "1", *AAC), WHOLE, rate=0.2, seconds=20, word="quebec"),
    "slow": Family("a.ts", (*H264, "-g", "2", *AAC), ALL, rate=1, word="romeo"),
    "fast": Family("a.ts", (*H264, "-g", "240", *AAC), ALL, rate=120, word="sierra"),
    "mute": Family("a.ts", (*H264, "-g", "50"), ALL, sound=False, word="tango"),
    "small": Family("a.ts", (*H264, "-g", "50", *AAC), ALL, size=(16, 16)),
    "upright": Family("a.flv", (*H264, "-g", "60", *AAC), ALL, rate=30, size=(108, 192), word="uniform"),
    "hardware, constant rate": Family("a.ts", (*H264, "-g", "50", *CONSTANT, *AAC), ALL, word="whiskey"),
    "camera, 4:2:2 and PCM": Family(
        "a.mov",
        ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le", "-g", "50", "-c:a", "pcm_s24le"),
        ("file", "sender"),
        word="xray",
    ),
    "editor, ProRes": Family(
        "a.mov", ("-c:v", "prores_ks", "-profile:v", "2", "-c:a", "pcm_s16le"), ("file", "sender"), word="yankee"
    ),
    "telephone, AV1": Family(
        "a.mp4",
        ("-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-crf", "20", "-g", "50", *AAC),
        ("file", "sender"),
        word="zulu",
    ),
    # The largest that is streamed; a file may be larger (test_large.py).
    "4K": Family("a.ts", (*H264, "-g", "2", *AAC), ("post", "file"), rate=1, size=(4096, 2304), word="victor"),
}
CHECKS = [(name, way) for name, one in GALLERY.items() for way in one.ways]


@cache
def shown(family: str, way: str) -> Found:
    """What becomes of what `family` sends by `way`."""
    sender = GALLERY[family]
    return WAYS[way](stored(sender.written(), sender.name))


def charted(size: tuple[int, int], word: str) -> Pixels:
    """Bars of colour, and across them a black band with the word."""
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    for number, (red, green, blue) in enumerate(_BARS):
        picture[:, number * width // len(_BARS) : (number + 1) * width // len(_BARS)] = (blue, green, red)
    if not word:
        return picture
    font, thick = cv2.FONT_HERSHEY_SIMPLEX, max(2, width // 96)
    (across, tall), _ = cv2.getTextSize(word, font, 1.0, 1)
    scale = min(0.8 * width / across, width / 9 / tall)
    (across, tall), _ = cv2.getTextSize(word, font, scale, thick)
    middle = height // 2
    picture[middle - tall : middle + tall] = 0
    at = ((width - across) // 2, middle + tall // 2)
    cv2.putText(picture, word, at, font, scale, (255, 255, 255), thick, cv2.LINE_AA)
    return picture
