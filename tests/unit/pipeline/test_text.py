"""Text from outside."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.domain.errors import BadRequest, Failure
from pipeline.domain.text import check


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Café Zürich, 2. Stock",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\U0001f469\u200d\U0001f680",
        "\u65e5\u672c\u8a9e",
        "e\u0301",
    ],
)
def test_what_people_write_is_taken(text: str) -> None:
    check({"name": text, "more": [text, {"deep": text}], "number": 3, "nothing": None})


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\x00", "U+0000"),
        ("\n", "U+000A"),
        ("\x7f", "U+007F"),
        ("\x9b", "U+009B"),
        ("\u202e", "U+202E"),
        ("\u2067", "U+2067"),
        ("\ufeff", "U+FEFF"),
        ("\u2028", "U+2028"),
        ("\ud800", "U+D800"),
        ("\ue000", "U+E000"),
        ("\u3164", "U+3164"),
        ("\u2800", "U+2800"),
    ],
)
def test_characters_that_are_not_seen_are_refused_wherever_they_are(character: str, named: str) -> None:
    with pytest.raises(BadRequest, match=rf"'name' must be text .* {named.replace('+', chr(92) + '+')}"):
        check({"name": f"a{character}b"})
    with pytest.raises(BadRequest, match=r"'settings\.brands' must be text"):
        check({"settings": {"brands": ["fine", f"a{character}"]}})
    with pytest.raises(BadRequest, match=r"the body must be text "):
        check({f"a{character}": 1})


@pytest.mark.parametrize("text", ["\u200d", "\u200c \u200d", "\ufe0f", "\u0301\u034f"])
def test_a_text_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="'name' must be text with a letter, a digit or a sign"):
        check({"name": text})
    check({"name": f"{text}a{text}"})


def test_depth_is_no_danger() -> None:
    deep: Any = "\u202e"
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadRequest):
        check(deep)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the camera \ud83d went away", "the camera \ufffd went away"),
        ("two\nlines\tand \x00 more", "two lines and \ufffd more"),
        ("a\u202egpj.exe", "a\ufffdgpj.exe"),
        ("Cafe\u0301 \U0001f468\u200d\U0001f469", "Caf\xe9 \U0001f468\u200d\U0001f469"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_an_error_in_a_document_is_readable_whatever_a_sender_said(said: str, kept: str) -> None:
    assert Failure.of(BadRequest(said)).fields() == {"code": "bad-request", "message": kept}
    kept.encode()
