"""TEXT_DETECTION: the product's reader."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.detection.logos.model import Pixels
from pipeline.detection.recognisers.reader import Corners, Line, Reader, Word

from .base import FeatureOptions, add_vertices, rectangle

_SPACE, _LINE_BREAK = 1, 5  # TextAnnotation.DetectedBreak
_UNDETERMINED = "und"  # Google's locale where it can't tell; the reader does not say


class TextAnnotator:
    """One line of text is one block of one paragraph."""

    def __init__(self) -> None:
        self._reader = Reader()

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """`options.most` does not apply to text, as Google says."""
        lines = self._reader.read(image)
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


def _around(words: Line) -> Corners:
    points = np.array([corner for word in words for corner in word.corners])
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return rectangle(left, top, right, bottom)


def _add_line(page: Any, line: Line, sure: bool) -> None:
    """`sure`: with confidences."""
    mean = sum(word.confidence for word in line) / len(line) if sure else None
    block = page.blocks.add(block_type=1, confidence=mean)
    paragraph = block.paragraphs.add(confidence=mean)
    for level in (block, paragraph):
        add_vertices(level.bounding_box, _around(line))
    for word in line:
        _add_word(paragraph, word, sure, _LINE_BREAK if word is line[-1] else _SPACE)


def _add_word(paragraph: Any, word: Word, sure: bool, after: int) -> None:
    confidence = word.confidence if sure else None
    added = paragraph.words.add(confidence=confidence)
    add_vertices(added.bounding_box, word.corners)
    for character in word.text:
        added.symbols.add(text=character, confidence=confidence)
    added.symbols[-1].property.detected_break.type_ = after
