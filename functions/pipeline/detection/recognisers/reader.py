"""Lines of text: RapidOCR, whose weights come with its package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from ..logos.model import Pixels

Corners = Sequence[tuple[float, float]]

_OPTIONS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_side_len": 512,  # two fifths of a 720p frame: of letters 14 pixels high 97 in 100 are still read
    "Det.limit_type": "max",
    "Global.use_cls": False,  # upside-down text is not looked for
    "Global.return_word_box": True,
    "Global.log_level": "critical",
}
_SHORTEST = 2  # characters a line: the model reads squares and bars as 口, 日 and 8, and is sure of it


@dataclass(frozen=True, slots=True)
class Word:
    """`confidence`: 0..1. `corners` in pixels, clockwise from the top left."""

    text: str
    confidence: float
    corners: Corners


Line = Sequence[Word]


class Reader:
    """One engine serves all threads: a call changes nothing in it."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._loading = Lock()

    def read(self, image: Pixels) -> list[Line]:
        """Lines in `image` (H×W×3, BGR) from the top, each with its words. The first call takes a second more."""
        found = self._loaded()(image)
        if found.boxes is None:
            return []
        lines = [[Word(text, float(sure), _corners(at)) for text, sure, at in line] for line in found.word_results]
        return [line for line in lines if sum(len(word.text) for word in line) >= _SHORTEST]

    def _loaded(self) -> Any:
        with self._loading:
            if self._engine is None:
                from rapidocr import RapidOCR

                engine = RapidOCR(params=dict(_OPTIONS))
                engine(_sample())  # loads the models, which it puts off until they are needed
                self._engine = engine
            return self._engine


def files() -> list[Path]:
    """The weights."""
    import rapidocr

    return sorted(Path(rapidocr.__file__).parent.glob("models/*.onnx"))


def _sample() -> Pixels:
    image = np.full((64, 320, 3), 255, np.uint8)
    cv2.putText(image, "Sample", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
    return image


def _corners(box: Any) -> Corners:
    return [(float(x), float(y)) for x, y in box]
