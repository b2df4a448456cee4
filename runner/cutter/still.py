"""A still picture of a session, as JPEG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
from av.video.frame import VideoFrame

from pipeline.domain.clips import Chapter
from pipeline.domain.errors import NotFound

from .decode import decoded
from .draw import Place, draw, planes_of
from .media import CLOCK
from .stored import Piece

_NEAR = CLOCK // 1000  # ticks: a time in milliseconds means the frame at it
_QUALITY = 92


def still(
    at: float, pieces: Iterable[Piece], places: Callable[[int], Sequence[Place]] | None, path: Path
) -> list[Chapter]:
    """Writes the picture that is on the screen `at` a media time (s). Raises NotFound if it is not stored."""
    last = round(at * CLOCK) + _NEAR
    frame = _shown(pieces, last)
    if frame is None:
        raise NotFound("the picture is not stored: it has expired, or was never sent")
    width, height = frame.width // 2 * 2, frame.height // 2 * 2
    planes = planes_of(frame, width, height)
    pts = frame.pts or 0
    draw(planes, width, height, places(round(pts * 1000 / CLOCK)) if places else ())
    picture = VideoFrame.from_ndarray(planes, "yuv420p")
    picture.colorspace, picture.color_range = frame.colorspace, frame.color_range
    cv2.imwrite(str(path), picture.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return [Chapter(0.0, 0.0, pts / CLOCK, "")]


def _shown(pieces: Iterable[Piece], last: int) -> VideoFrame | None:
    found: VideoFrame | None = None
    for one in decoded(pieces):
        if isinstance(one, VideoFrame):
            if (one.pts or 0) > last:
                break
            found = one
    return found
