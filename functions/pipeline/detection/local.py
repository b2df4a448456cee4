"""Provider `local`: objects, faces, text and logos, looked for in this process, free of charge.

Its models are small: what a cloud's or a GPU's see better is in docs/evaluation.md and docs/detection.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from ..domain.model import Analysis, Box, Detection, Kind
from ..domain.providers import ProviderInfo
from . import digests
from .base import DetectRequest, Image
from .gallery import GalleryDetector
from .logos.model import Pixels
from .recognisers import blazeface, nanodet, reader
from .recognisers.blazeface import BlazeFace
from .recognisers.nanodet import NanoDet, labels
from .recognisers.reader import Line, Reader

_AT_ONCE = BoundedSemaphore(2)  # frames: each takes a core, and reading text 100 MB
_MOST = 50  # detections per kind, as of Vision


@dataclass(frozen=True, slots=True)
class _Model:
    """A model's name and the files of its weights."""

    name: str
    files: Callable[[], Sequence[Path]]


class LocalDetector:
    """A model for each kind, loaded when the kind is first asked for."""

    def __init__(self) -> None:
        self._objects, self._faces, self._reader = NanoDet(), BlazeFace(), Reader()
        self._gallery = GalleryDetector()
        self._looking = 0
        objects, faces = _Model("nanodet-g", nanodet.files), _Model("blazeface", blazeface.files)
        text = _Model("pp-ocr", reader.files)
        self._kinds: dict[Kind, tuple[_Model, Callable[[Pixels], Iterable[Detection]]]] = {
            Kind.OBJECT: (objects, self._find_objects),
            Kind.LABEL: (objects, self._find_labels),
            Kind.FACE: (faces, self._find_faces),
            Kind.TEXT: (text, self._read_text),
        }

    @property
    def info(self) -> ProviderInfo:
        """`queue` is the number of frames that it looks at now."""
        models = dict.fromkeys([*(model.name for model, _ in self._kinds.values()), self._gallery.info.model])
        return ProviderInfo(", ".join(models), "cpu", self._looking)

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Looks for one kind after the other, on one core. Raises Poison, Stale."""
        self._looking += 1  # a rough figure: threads may miss each other
        try:
            with _AT_ONCE:
                return tuple(self._look(image, kind, request) for kind in request.kinds)
        finally:
            self._looking -= 1

    def _look(self, image: Image, kind: Kind, request: DetectRequest) -> Analysis:
        if kind is Kind.LOGO:
            return self._gallery.look(image, kind, request, "local")
        model, find = self._kinds[kind]
        pixels, started = image.pixels, time.monotonic()
        found = tuple(find(pixels))[:_MOST]
        took_ms, digest = round((time.monotonic() - started) * 1000), digests.of_files(*model.files())
        return Analysis(kind, "local", model.name, took_ms, found, digest=digest)

    def _find_objects(self, pixels: Pixels) -> Iterable[Detection]:
        for one in self._objects.find(pixels):
            left, top, right, bottom = one.box
            yield Detection(one.name, round(one.score, 4), Kind.OBJECT, _box(left, top, right, bottom))

    def _find_labels(self, pixels: Pixels) -> Iterable[Detection]:
        for label, score in labels(self._objects.find(pixels)).items():
            yield Detection(label, round(score, 4), Kind.LABEL)

    def _find_faces(self, pixels: Pixels) -> Iterable[Detection]:
        height, width = pixels.shape[:2]
        for face in self._faces.find(pixels):
            left, top, right, bottom = face.box
            box = _box(left / width, top / height, right / width, bottom / height)
            yield Detection("Face", round(face.score, 4), Kind.FACE, box)

    def _read_text(self, pixels: Pixels) -> Iterable[Detection]:
        for line in self._reader.read(pixels):
            text = " ".join(word.text for word in line)
            if any(letter.isalnum() for letter in text):  # not a rule or a box that was read as a mark
                sure = sum(word.confidence for word in line) / len(line)
                yield Detection(text, round(sure, 4), Kind.TEXT, _around(line, pixels.shape[:2]))


def _around(line: Line, size: Sequence[int]) -> Box:
    """The rectangle around a line, in a picture of `size` (height, width)."""
    xs = [min(max(x / size[1], 0.0), 1.0) for word in line for x, _ in word.corners]
    ys = [min(max(y / size[0], 0.0), 1.0) for word in line for _, y in word.corners]
    return _box(min(xs), min(ys), max(xs), max(ys))


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))
