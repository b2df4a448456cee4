"""Text from outside, in JSON: hidden characters are refused, by the name of the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .characters import is_hidden, is_seen
from .errors import BadRequest


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
    if wrong := next(filter(is_hidden, text), None):
        field = f"'{path}' must" if path else "the body must"
        raise BadRequest(f"{field} be text without control characters: U+{ord(wrong):04X} is one")
    if text.strip() and not is_seen(text):
        raise BadRequest(
            f"'{path}' must be text with a letter, a digit or a sign: expected more than joiners and marks"
        )
