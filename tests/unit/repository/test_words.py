"""The repository is written in plain English: it names who does what (CONTRIBUTING.md, How we write)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# Each hides an actor or sounds translated: name the sender, the viewer, the operator, the function; write "again".
BANNED = ("who" + "ever", "no" + "body", "some" + "body", "any" + "body", "a" + "new")
WORD = re.compile(rf"(?<![\w-])({'|'.join(BANNED)})(?![\w-])", re.I)

# Not ours to word: a licence, locks, what others made, and the user of that name in Debian's images.
OTHERS = re.compile(r"LICENSE|NOTICE-.*|.*\.(lock|svg|png|jpg|mp4|ts\.bin)|requirements\.txt|package-lock\.json")
USER = re.compile(r"^USER \w+$|\bwww-data\b", re.M)


def texts() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listing.splitlines() if (ROOT / name).is_file() and not OTHERS.fullmatch(Path(name).name)]


def found_in(text: str) -> list[str]:
    """Each banned word of `text`, with its line."""
    lines = USER.sub("", text).splitlines()
    return [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if WORD.search(line)]


def test_no_text_hides_who_does_what() -> None:
    assert len(texts()) > 20
    said = {name: lines for name in texts() if (lines := found_in((ROOT / name).read_text(errors="ignore")))}
    assert said == {}


@pytest.mark.parametrize("word", BANNED)
def test_a_banned_word_is_found_in_any_case(word: str) -> None:
    assert found_in(f"{word.title()} comes.\nIt ends.") == [f"1: {word.title()} comes."]
    assert found_in(f"x{word}y") == []


def test_the_user_of_an_image_is_no_word() -> None:
    assert found_in(f"USER {BANNED[1]}\n") == []
