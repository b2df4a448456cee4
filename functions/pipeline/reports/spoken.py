"""Words of a session's transcripts in one line, and as captions in the files that players read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat

_PAUSE, _LONGEST, _STAYS = 0.8, 5.0, 0.6  # seconds: that end a caption; that one lasts; that it stays after its words
_MOST = 68  # characters of a caption: two short lines


@dataclass(frozen=True, slots=True)
class Said:
    """A word, in seconds of media time."""

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of a segment, which count from `begins` on. `failed`: it was not heard, and takes nothing over."""

    sequence: int
    begins: float
    words: tuple[Said, ...]
    failed: bool = False
    final: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption, in seconds of media time."""

    start: float
    end: float
    text: str


def joined(segments: Iterable[Heard]) -> Iterator[tuple[Heard, tuple[Said, ...]]]:
    """Segments in order, each with the words that stand: one that two of them heard counts for the later one."""
    before: Heard | None = None
    for segment in segments:
        if before is not None:
            yield before, _standing(before, segment)
        before = segment
    if before is not None:
        yield before, before.words


def cues(words: Iterable[Said]) -> list[Cue]:
    """Captions: a few words at a time, from the first one until a little after the last.

    Where speakers are told apart, the first caption of each turn names its speaker.
    """
    found: list[Cue] = []
    turn: str | None = None
    for word in words:
        last, turns = (found[-1] if found else None), word.speaker != turn
        turn = word.speaker
        if last and not turns and _joins(last, word):
            found[-1] = Cue(last.start, max(last.end, word.end), f"{last.text} {word.text}")
        else:
            text = f"Speaker {word.speaker}: {word.text}" if turns and word.speaker else word.text
            found.append(Cue(word.start, word.end, text))
    ends = chain((cue.start for cue in found[1:]), repeat(float("inf")))
    return [Cue(cue.start, min(cue.end + _STAYS, end), cue.text) for cue, end in zip(found, ends, strict=False)]


def as_vtt(captions: Iterable[Cue]) -> str:
    """A WebVTT file. https://www.w3.org/TR/webvtt1/"""
    blocks = (f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_escaped(cue.text)}\n" for cue in captions)
    return "\n".join(("WEBVTT\n", *blocks))


def as_srt(captions: Iterable[Cue]) -> str:
    """A SubRip file, as most editors and players read it."""
    blocks = (
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{cue.text}\n"
        for number, cue in enumerate(captions, 1)
    )
    return "\n".join(blocks)


def _standing(segment: Heard, following: Heard) -> tuple[Said, ...]:
    if following.failed:
        return segment.words
    until = min([following.begins, *(word.start for word in following.words[:1])])
    return tuple(word for word in segment.words if (word.start + word.end) / 2 < until)


def _joins(cue: Cue, word: Said) -> bool:
    short = len(cue.text) + 1 + len(word.text) <= _MOST
    return short and word.start - cue.end < _PAUSE and word.end - cue.start < _LONGEST


def _time(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _escaped(text: str) -> str:
    """The text of a WebVTT cue, which takes < and & for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
