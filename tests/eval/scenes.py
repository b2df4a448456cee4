"""Scenes: a mark on a photograph or on footage, on a plate or bare, turned, sheared, blurred, compressed; from a seed.

`with_mark` scenes take sizes and looks in turns. Of those without, every second one shows a stranger: another brand's
mark, which must not be taken for one of the gallery.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import av
import cv2
import numpy as np

from pipeline.detection.logos import Mark

from .paint import LOOKS, Box, paint
from .pictures import HEIGHT, WIDTH, as_jpeg, framed

SIZES = (40, 80, 160, 320)  # pixels of the mark's height, or of 1/2.2 of its width if that is more
BLUR = (0.5, 1.6)  # pixels (sigma) at 720p, of every second scene
NOISE = (1.0, 5.0)  # grey levels (sigma), of every second scene
CRF, JPEG = "28", 80  # of libx264, then of the frame as it is stored


@dataclass(frozen=True)
class Scene:
    """A 720p picture. `size` and `look` say how the mark was laid; without a mark of the gallery `brand` is None."""

    image: np.ndarray
    brand: str | None
    box: Box | None
    size: int = 0
    look: str = ""


def scenes(
    marks: Sequence[Mark],
    strangers: Sequence[Mark],
    pictures: Sequence[np.ndarray],
    seed: int,
    with_mark: int,
    without: int,
) -> Iterator[Scene]:
    """`with_mark` scenes, then `without`."""
    random = np.random.default_rng(seed)
    for index in range(with_mark):
        size, look = SIZES[index % len(SIZES)], LOOKS[index // len(SIZES) % len(LOOKS)]
        mark = marks[int(random.integers(len(marks)))]
        image, box = _laid(mark, pictures, size, look, random)
        yield Scene(filmed(image, random), mark.brand, box, size, look)
    for index in range(without):
        if index % 2:
            image = _background(pictures, random)
        else:
            size, look = SIZES[1:][index // 2 % 3], LOOKS[index // 6 % len(LOOKS)]
            image, _ = _laid(strangers[int(random.integers(len(strangers)))], pictures, size, look, random)
        yield Scene(filmed(image, random), None, None)


def _laid(
    mark: Mark, pictures: Sequence[np.ndarray], size: int, look: str, random: np.random.Generator
) -> tuple[np.ndarray, Box]:
    """A picture with the mark in it, at the first place tried where it can be seen."""
    while True:
        image = _background(pictures, random)
        box = paint(image, mark.image, size, look, random)
        if box is not None:
            return image, box


def _background(pictures: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    picture = pictures[int(random.integers(len(pictures)))]
    cut = framed(picture, random.uniform(1.0, 1.5), random.random(), random.random())
    return np.ascontiguousarray(cut[:, ::-1]) if random.random() < 0.5 else cut


def filmed(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Blur, noise, H.264, JPEG."""
    if random.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(*BLUR))
    if random.random() < 0.5:
        noise = random.normal(0, random.uniform(*NOISE), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    stored = BytesIO()
    with av.open(stored, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": CRF, "preset": "veryfast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    stored.seek(0)
    with av.open(stored, "r") as container:
        image = next(container.decode(video=0)).to_ndarray(format="bgr24")
    return as_jpeg(image, JPEG)
