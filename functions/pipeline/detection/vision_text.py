"""Lines of text from a Vision response: units that people read as one, rather than the page or each word.

Where the response has the page's structure, lines end at its detected breaks. Where it has only `text_annotations`
(the whole text, then each word in order), the words are dealt out to the lines of the whole text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Corner = tuple[float, float]

_SPACES = {1, 2}  # TextAnnotation.DetectedBreak: SPACE, SURE_SPACE
_LINE_ENDS = {3, 5}  # EOL_SURE_SPACE, LINE_BREAK


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `corners` in pixels, of all its words."""

    text: str
    confidence: float
    corners: Sequence[Corner]


def lines(response: Any) -> Iterator[Line]:
    """The lines of an AnnotateImageResponse (raw protobuf message), top to bottom as Vision reads them."""
    paragraphs = [
        paragraph
        for page in response.full_text_annotation.pages
        for block in page.blocks
        for paragraph in block.paragraphs
    ]
    if not paragraphs:
        yield from _dealt_out(response.text_annotations)
    for paragraph in paragraphs:
        yield from _broken(paragraph)


def _broken(paragraph: Any) -> Iterator[Line]:
    text, corners, confidences = "", list[Corner](), list[float]()
    for word in paragraph.words:
        corners += _corners(word.bounding_box)
        confidences.append(word.confidence)
        for symbol in word.symbols:
            found = symbol.property.detected_break.type_
            text += symbol.text + (" " if found in _SPACES else "")
            if found in _LINE_ENDS:
                yield _line(text, corners, confidences)
                text, corners, confidences = "", [], []
    if text:
        yield _line(text, corners, confidences)


def _dealt_out(annotations: Sequence[Any]) -> Iterator[Line]:
    if not annotations:
        return
    words = iter(annotations[1:])
    for text in annotations[0].description.splitlines():
        left, corners, confidences = len(text.replace(" ", "")), list[Corner](), list[float]()
        while left > 0 and (word := next(words, None)) is not None:
            left -= len(word.description.replace(" ", ""))
            corners += _corners(word.bounding_poly)
            confidences.append(word.score or word.confidence)
        if corners:
            yield _line(text, corners, confidences)


def _line(text: str, corners: Sequence[Corner], confidences: Sequence[float]) -> Line:
    """Vision may leave out the confidence: then the text counts as certain."""
    given = [confidence for confidence in confidences if confidence > 0]
    return Line(text.strip(), sum(given) / len(given) if given else 1.0, corners)


def _corners(poly: Any) -> list[Corner]:
    return [(vertex.x, vertex.y) for vertex in poly.vertices]
