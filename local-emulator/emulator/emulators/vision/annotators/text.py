"""TEXT_DETECTION: rapidocr, whose weights come with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import cv2
import numpy as np

from pipeline.detection.logos.model import Pixels

from .base import FeatureOptions, add_vertices, rectangle

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
_SPACE, _LINE_BREAK = 1, 5  # TextAnnotation.DetectedBreak
_SHORTEST = 2  # characters a line: the recogniser reads squares and bars as 口, 日 and 8, and is sure of it
_UNDETERMINED = "und"  # Google's locale where it can't tell; the recogniser does not say


@dataclass(frozen=True, slots=True)
class Word:
    """`corners` in pixels, clockwise from the top left."""

    text: str
    confidence: float
    corners: Corners


class TextAnnotator:
    """One line of text is one block of one paragraph."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._loading = Lock()

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """`options.most` does not apply to text, as Google says."""
        found = self._loaded()(image)
        lines = [[Word(text, float(sure), _corners(at)) for text, sure, at in line] for line in _lines(found)]
        lines = [line for line in lines if sum(len(word.text) for word in line) >= _SHORTEST]
        if not lines:
            return
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        whole = response.text_annotations.add(locale=_UNDETERMINED, description=text)
        add_vertices(whole.bounding_poly, _around([word for line in lines for word in line]))
        for word in (word for line in lines for word in line):
            add_vertices(response.text_annotations.add(description=word.text).bounding_poly, word.corners)
        response.full_text_annotation.text = text
        page = response.full_text_annotation.pages.add(width=image.shape[1], height=image.shape[0])
        for line in lines:
            _add_line(page, line, options.text_confidence)

    def _loaded(self) -> Any:
        """The engine, after about a second. It serves all threads: a call changes nothing in it."""
        with self._loading:
            if self._engine is None:
                from rapidocr import RapidOCR

                engine = RapidOCR(params=dict(_OPTIONS))
                engine(_sample())  # loads the models, which it puts off until they are needed
                self._engine = engine
            return self._engine


def _sample() -> Pixels:
    image = np.full((64, 320, 3), 255, np.uint8)
    cv2.putText(image, "Sample", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
    return image


def _lines(found: Any) -> list[Any]:
    """Lines from the top, each a list of (text, confidence, corners)."""
    return list(found.word_results) if found.boxes is not None else []


def _corners(box: Any) -> Corners:
    return [(float(x), float(y)) for x, y in box]


def _around(words: Sequence[Word]) -> Corners:
    points = np.array([corner for word in words for corner in word.corners])
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return rectangle(left, top, right, bottom)


def _add_line(page: Any, line: Sequence[Word], sure: bool) -> None:
    """`sure`: with confidences."""
    mean = sum(word.confidence for word in line) / len(line) if sure else None
    block = page.blocks.add(block_type=1, confidence=mean)
    paragraph = block.paragraphs.add(confidence=mean)
    for level in (block, paragraph):
        add_vertices(level.bounding_box, _around(line))
    for word in line:
        confidence = word.confidence if sure else None
        added = paragraph.words.add(confidence=confidence)
        add_vertices(added.bounding_box, word.corners)
        for character in word.text:
            added.symbols.add(text=character, confidence=confidence)
        last = added.symbols[-1].property.detected_break
        last.type_ = _LINE_BREAK if word is line[-1] else _SPACE
