"""Chromium with a camera that shows a clip, and a microphone that beeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2

WIDTH, HEIGHT, FPS = 960, 540, 15


def film(clip: Path, into: Path, start: float, seconds: float) -> Path:
    """Part of a clip as the Motion JPEG file (JPEGs, one behind the other) that Chromium's fake camera loops."""
    number = 0
    with av.open(str(clip)) as source, into.open("wb") as output:
        source.seek(int(start * 1_000_000))
        for frame in source.decode(video=0):
            if frame.time < start + number / FPS:
                continue
            if number >= seconds * FPS:
                break
            picture = frame.to_ndarray(format="bgr24", width=WIDTH, height=HEIGHT)
            output.write(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
            number += 1
    return into


def launch(browser: Any, chromium: dict[str, Any], film: Path) -> Any:
    """Another browser beside `browser`, whose camera shows `film` and whose user grants everything."""
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    return browser.browser_type.launch(**{**chromium, "args": [*chromium["args"], *flags]})
