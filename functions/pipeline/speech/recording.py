"""A recording joined from a session's segments: which second of it is which media time. Pure.

Silent segments are not in it, nor are those without sound: it is shorter than the session.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..domain.model import Word
from .sound_store import Piece
from .words import Heard

_GAP = 0.1  # seconds: pieces that lie farther apart are not neighbours


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces: from second `offset` of the recording on, `seconds` that begin at `media_time`."""

    offset: float
    media_time: float
    seconds: float


def parts(pieces: Sequence[Piece], longest: float) -> list[list[Piece]]:
    """The pieces as recordings of `longest` seconds at most.

    Each ends at the last silence of its second half, if there is one: no word is cut off there.
    """
    found: list[list[Piece]] = []
    begun: list[Piece] = []
    seconds = 0.0
    for piece in pieces:
        if begun and seconds + piece.seconds > longest:
            cut = _last_gap(begun)
            found.append(begun[:cut])
            begun = begun[cut:]
            seconds = sum(one.seconds for one in begun)
        begun.append(piece)
        seconds += piece.seconds
    return [*found, begun] if begun else found


def runs(pieces: Sequence[Piece]) -> list[Run]:
    """Where the pieces are in the recording that is joined from them."""
    found: list[Run] = []
    offset = 0.0
    for piece in pieces:
        last = found[-1] if found else None
        if last and abs(last.media_time + last.seconds - piece.media_time) <= _GAP:
            found[-1] = Run(last.offset, last.media_time, last.seconds + piece.seconds)
        else:
            found.append(Run(offset, piece.media_time, piece.seconds))
        offset += piece.seconds
    return found


def placed(heard: Iterable[Heard], where: Sequence[Run]) -> list[Word]:
    """Words at their media times, in order. Those that begin outside of the recording are left out."""
    starts = [run.offset for run in where]
    words: list[Word] = []
    for one in heard:
        index = bisect_right(starts, one.start) - 1
        if index < 0 or one.start > where[index].offset + where[index].seconds:
            continue
        run = where[index]
        start = run.media_time + one.start - run.offset
        # A word that the recogniser hears across a silence that is not in the recording ends with its run.
        end = run.media_time + min(one.end - run.offset, run.seconds)
        words.append(Word(one.text, round(start, 3), round(max(start, end), 3), one.confidence, one.speaker))
    return sorted(words, key=lambda word: word.start)


def by_segment(words: Iterable[Word], begins: Mapping[int, float]) -> dict[int, tuple[Word, ...]]:
    """Words by the sequence of the segment in which their middle lies. `begins`: where each begins (s)."""
    order = sorted(begins, key=lambda sequence: begins[sequence])
    starts = [begins[sequence] for sequence in order]
    found: dict[int, list[Word]] = {sequence: [] for sequence in order}
    for word in words:
        index = max(0, bisect_right(starts, (word.start + word.end) / 2) - 1)
        found[order[index]].append(word)
    return {sequence: tuple(own) for sequence, own in found.items()}


def _last_gap(pieces: Sequence[Piece]) -> int:
    """The index of the piece after the last gap in the second half; the number of pieces without one."""
    for index in range(len(pieces) - 1, len(pieces) // 2, -1):
        before, after = pieces[index - 1], pieces[index]
        if abs(before.media_time + before.seconds - after.media_time) > _GAP:
            return index
    return len(pieces)
