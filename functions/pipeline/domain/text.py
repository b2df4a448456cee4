"""Text from outside: characters that no reader sees, and that change what others say, are refused.

Control characters break lines in logs and terminals, direction overrides show a name as another one
("a\\u202egpj.exe" as "aexe.jpg"), and half of a surrogate pair is no character that any store takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from .errors import BadRequest

_REFUSED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # letters of Persian and Indic scripts, and emoji, are joined by them


def check(value: Any) -> None:
    """Refuses a JSON value, of any shape, that has such a character in a text or in a field's name.

    Raises BadRequest, which names the field and the character.
    """
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:  # a stack of our own: what is nested deeply is no deeper here
        path, one = waiting.pop()
        if isinstance(one, str):
            _check(path, one)
        elif isinstance(one, dict):
            waiting += _fields(path, one)
        elif isinstance(one, list):
            waiting += [(path, inner) for inner in one]


def _fields(path: str, one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, inner in one.items():
        _check("", name)
        yield (f"{path}.{name}" if path else name), inner


def _check(path: str, text: str) -> None:
    if wrong := next((c for c in text if unicodedata.category(c) in _REFUSED and c not in _JOINERS), None):
        field = f"'{path}' must" if path else "the body must"
        raise BadRequest(f"{field} be text without control characters: U+{ord(wrong):04X} is one")
