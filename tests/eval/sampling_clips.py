"""Clips of known content for sampling: what moves, and how, differs; marks come and go at times that are written down.

Half the size of 720p and ten pictures a second: the gate looks at 80x45 five times a second, whatever it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from emulator.sample.media.overlay import Sign, opacity, place, sign
from pipeline.detection.logos import Mark
from pipeline.domain.model import Box

from . import marks, pictures
from .split import Part

WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 10, 120
Picture = np.ndarray
PLATES = ("#f6f6f6", None, "#191414")


@dataclass(frozen=True)
class Showing:
    """A mark from `start` to `end` (s), its glyph's centre moving from `a` to `b` (px)."""

    brand: str
    sign: Sign
    start: float
    end: float
    size: tuple[float, float]
    a: tuple[float, float]
    b: tuple[float, float]

    def box(self, t: float, camera: tuple[float, float]) -> Box:
        """In 0..1 of a picture whose left top corner is at `camera`; it may lie outside."""
        share = min(1.0, max(0.0, (t - self.start) / max(0.1, self.end - self.start)))
        x, y = (p + (q - p) * share for p, q in zip(self.a, self.b, strict=True))
        width, height = self.size
        left, top = x - width / 2 - camera[0], y - height / 2 - camera[1]
        return Box(left / WIDTH, top / HEIGHT, width / WIDTH, height / HEIGHT)


@dataclass(frozen=True)
class Clip:
    """`view(t)` is the picture without marks and where its left top corner lies in the scene."""

    name: str
    showings: Sequence[Showing]
    view: Callable[[float], tuple[Picture, tuple[float, float]]]
    sigma: float

    def pictures(self) -> Iterator[Picture]:
        """BGR, FPS a second."""
        random = np.random.default_rng(7)
        noise = [random.normal(0, self.sigma, (HEIGHT, WIDTH, 1)).astype(np.float32) for _ in range(8)]
        for number in range(SECONDS * FPS):
            t = number / FPS
            picture, camera = self.view(t)
            picture = picture.copy()
            for one in self.showings:
                if one.start <= t <= one.end:
                    box = one.box(t, camera)
                    if -box.width < box.x < 1 and -box.height < box.y < 1:
                        _place(picture, one.sign, box, opacity(t, one.start, one.end))
            layer = noise[number % len(noise)]
            yield np.clip(picture + np.roll(layer, number * 37, (0, 1)), 0, 255).astype(np.uint8)

    def boxes(self, t: float) -> Mapping[int, Box]:
        """What a perfect detector sees at `t`, by number of showing: what is half faded in, and mostly inside."""
        camera = self.view(t)[1]
        found: dict[int, Box] = {}
        for number, one in enumerate(self.showings):
            if one.start + 0.1 <= t <= one.end - 0.1 and _inside(box := one.box(t, camera)) >= 2 / 3:
                found[number] = box
        return found


def clips(part: Part) -> list[Clip]:
    """One of each sort."""
    stills = [
        cv2.resize(pictures.framed(one, 1.0, 0.5, 0.5), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        for one in pictures.photographs(part).values()
    ]
    moving = [
        cv2.resize(one, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        for one in pictures.footage(pictures.FOOTAGE[part][0])
    ]
    known = marks.gallery(part)
    still = stills[0]
    return [
        Clip("static", _coming(known, 1, 3, 0.0), partial(_held, still), 2.0),
        Clip("cuts", _coming(known, 2, 4, 0.0), partial(_edited, stills, _edit()), 2.0),
        Clip("pan", _along(known, 3, stills), partial(_panned, np.hstack(stills[:8])), 2.0),
        Clip("noise", _coming(known, 4, 3, 0.0), partial(_dim, stills[1]), 14.0),
        Clip("screen", _coming(known, 5, 3, 0.0), partial(_screen, *_pages()), 0.0),
        Clip("flicker", _coming(known, 6, 3, 0.0), partial(_flickering, stills[2]), 2.0),
        Clip("footage", _coming(known, 7, 4, 40.0), partial(_footage, moving), 2.0),
    ]


def _place(picture: Picture, one: Sign, box: Box, shade: float) -> None:
    """As `place`, where the sign may hang over the edge."""
    margin = 160
    large = np.asarray(cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE), np.uint8)
    width, height = large.shape[1], large.shape[0]
    x, y = (box.x * WIDTH + margin) / width, (box.y * HEIGHT + margin) / height
    inner = Box(x, y, box.width * WIDTH / width, box.height * HEIGHT / height)
    place(large, one, inner, shade)
    picture[:] = large[margin:-margin, margin:-margin]


def _inside(box: Box) -> float:
    width = min(1.0, box.x + box.width) - max(0.0, box.x)
    height = min(1.0, box.y + box.height) - max(0.0, box.y)
    return max(0.0, width) * max(0.0, height) / (box.width * box.height)


def _signed(mark: Mark, side: float, plate: str | None) -> tuple[Sign, tuple[float, float]]:
    scale = side / max(mark.image.shape[:2])
    glyph = cv2.resize(mark.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return sign(np.asarray(glyph, np.uint8), plate), (float(glyph.shape[1]), float(glyph.shape[0]))


def _coming(known: Sequence[Mark], seed: int, count: int, travel: float) -> list[Showing]:
    """`count` marks at times and places of their own; each wanders up to `travel` px a second."""
    random = np.random.default_rng(seed)
    found: list[Showing] = []
    for index in range(count):
        begin = index * SECONDS / count + random.uniform(0.5, 6.0)
        end = min(SECONDS - 0.5, begin + random.uniform(0.4, 0.9) * SECONDS / count)
        mark = known[int(random.integers(len(known)))]
        one, size = _signed(mark, float(random.uniform(24, 110)), PLATES[index % len(PLATES)])
        a = (random.uniform(80, WIDTH - 80), random.uniform(60, HEIGHT - 60))
        way = (end - begin) * travel / 2
        b = (
            float(np.clip(a[0] + random.uniform(-way, way), 80, WIDTH - 80)),
            a[1] + random.uniform(-20, 20) * (travel > 0),
        )
        found.append(Showing(mark.brand, one, round(begin, 2), round(end, 2), size, a, b))
    return found


def _along(known: Sequence[Mark], seed: int, stills: Sequence[Picture]) -> list[Showing]:
    """Boards along a panorama, always there."""
    random = np.random.default_rng(seed)
    found: list[Showing] = []
    for index in range(8):
        mark = known[int(random.integers(len(known)))]
        one, size = _signed(mark, float(random.uniform(40, 110)), "#f6f6f6")
        at = (200 + index * 560 + random.uniform(-60, 60), random.uniform(90, HEIGHT - 90))
        found.append(Showing(mark.brand, one, -1.0, SECONDS + 1.0, size, at, at))
    return found


def _held(still: Picture, t: float) -> tuple[Picture, tuple[float, float]]:
    return still, (0.0, 0.0)


def _dim(still: Picture, t: float) -> tuple[Picture, tuple[float, float]]:
    return (still * 0.5).astype(np.uint8), (0.0, 0.0)


def _edit() -> list[float]:
    """Times of cuts: shots of 3 to 12 s, and one dissolve's worth of quick ones."""
    random = np.random.default_rng(11)
    times = [0.0]
    while times[-1] < SECONDS:
        times.append(round(times[-1] + random.uniform(3.0, 12.0), 1))
    return times


def _edited(stills: Sequence[Picture], times: Sequence[float], t: float) -> tuple[Picture, tuple[float, float]]:
    """Each shot zooms in slowly, as photographs in a documentary do."""
    shot = int(np.searchsorted(times, t, side="right")) - 1
    zoom = 1 + 0.012 * (t - times[shot])
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 0, zoom)
    return cv2.warpAffine(stills[shot % len(stills)], matrix, (WIDTH, HEIGHT)), (0.0, 0.0)


def _panned(wide: Picture, t: float) -> tuple[Picture, tuple[float, float]]:
    """Stands, then pans at 80 px a second, now and then, with a hand's tremor."""
    phase, legs = t % 15.0, int(t // 15.0)
    x = min(legs * 640.0 + max(0.0, min(8.0, phase - 4.0)) * 80.0, wide.shape[1] - WIDTH - 8)
    x, y = x + 1.5 * np.sin(5 * t) + 2, 2.0 + 1.5 * np.cos(4 * t)
    move = np.array([[1, 0, -x], [0, 1, -y]])
    return cv2.warpAffine(wide, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), (x, y)


def _pages() -> tuple[Picture, Picture]:
    """Two tall documents of dark text on white."""
    pages: list[Picture] = []
    for seed in (1, 2):
        random = np.random.default_rng(seed)
        page = np.full((1600, WIDTH, 3), 250, np.uint8)
        for row in range(20, 1580, 16):
            x = 60
            while x < WIDTH - 120 and random.random() > 0.04:
                width = int(random.integers(8, 50))
                cv2.rectangle(page, (x, row), (x + width, row + 7), (60, 60, 60), -1)
                x += width + 6
        pages.append(page)
    return pages[0], pages[1]


def _screen(first: Picture, second: Picture, t: float) -> tuple[Picture, tuple[float, float]]:
    """Reading: scrolls for a second each 12 s, another window each 30 s, a blinking cursor, typing."""
    page = first if int(t // 30) % 2 == 0 else second
    steps = int(t // 12) + max(0.0, min(1.0, t % 12 - 11))
    y = int(min(steps * 150, page.shape[0] - HEIGHT))
    picture = page[y : y + HEIGHT].copy()
    cv2.rectangle(picture, (0, 0), (WIDTH, 22), (200, 190, 180), -1)
    typed = int((t % 30) * 6)
    cv2.rectangle(picture, (60, 330), (60 + min(typed, 400), 338), (60, 60, 60), -1)
    if int(t * 2) % 2:
        cv2.rectangle(picture, (64 + min(typed, 400), 328), (66 + min(typed, 400), 340), (0, 0, 0), -1)
    return picture, (0.0, 0.0)


def _flickering(still: Picture, t: float) -> tuple[Picture, tuple[float, float]]:
    """Old lamps, and photographers' flashes each 7 s."""
    gain = 1 + 0.05 * np.sin(2 * np.pi * 1.7 * t) + (1.2 if t % 7 > 6.85 else 0.0)
    return np.clip(still * gain, 0, 255).astype(np.uint8), (0.0, 0.0)


def _footage(frames: Sequence[Picture], t: float) -> tuple[Picture, tuple[float, float]]:
    """To and fro, so that it never jumps."""
    number = int(t * 25)
    turn = 2 * (len(frames) - 1)
    at = number % turn
    return frames[min(at, turn - at)], (0.0, 0.0)
