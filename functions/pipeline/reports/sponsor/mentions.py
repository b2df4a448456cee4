"""Mentions of brands in words: said, or to be read on the screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..appearances import Appearance
from ..spoken import Said

MOST = 200
"""The most mentions that a report names; it counts all."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Mentions:
    """Of one brand: (number of the session, ms)."""

    spoken: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    written: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def told(self) -> dict[str, Any]:
        """`spoken` and `written`: how many, and when."""
        return {"spoken": _told(self.spoken), "written": _told(self.written)}


def words(text: str) -> tuple[str, ...]:
    """The words of a text, without cases and accents' ways of being written."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def spoken(said: Iterable[Said], names: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """When each brand is said (ms), by label. `names`: what each is called, one or several words each."""
    stream = [(word, round(one.start * 1000)) for one in said for word in words(one.text)]
    found: dict[str, list[int]] = {label: [] for label in names}
    for label, called in names.items():
        for name in sorted({words(one) for one in called} - {()}):
            for number in range(len(stream) - len(name) + 1):
                if all(stream[number + index][0] == word for index, word in enumerate(name)):
                    found[label].append(stream[number][1])
        found[label] = sorted(set(found[label]))
    return found


def written(texts: Iterable[Appearance], names: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """When each brand comes to be read on the screen (ms), by label: appearances of text that holds its name."""
    found: dict[str, list[int]] = {label: [] for label in names}
    for text in texts:
        read = words(text.label)
        for label, called in names.items():
            if any(_holds(read, words(name)) for name in called):
                found[label].append(text.start)
    return found


def _holds(read: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return bool(name) and any(read[at : at + len(name)] == name for at in range(len(read) - len(name) + 1))


def _told(times: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {"count": len(times), "at": [{"session": session, "time": at / 1000} for session, at in times[:MOST]]}
