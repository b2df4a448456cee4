"""`.dockerignore` as Docker reads it: what of the build context a builder never sees.

A pattern matches a path or a folder above it; `**` stands for any folders; `!` takes a path back; the last match wins.
https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path


def ignored(context: Path) -> Callable[[str], bool]:
    """Whether a path, relative to `context` and with slashes, is left out. Without the file nothing is."""
    file = context / ".dockerignore"
    lines = [line.strip() for line in file.read_text().splitlines()] if file.exists() else []
    rules = [
        (not line.startswith("!"), _pattern(line.removeprefix("!"))) for line in lines if line[:1] not in ("", "#")
    ]

    def left_out(path: str) -> bool:
        return next((out for out, pattern in reversed(rules) if pattern.match(path)), False)

    return left_out


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text.strip("/"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts) + "(?:/.*)?$")
