"""A linter of HLS media playlists: the rules of RFC 8216 that players trip over, each a named check.

`lint` looks at one playlist (single.py), `lint_revisions` at how a live one changed (change.py), `watch.PlaylistWatch`
at everything that was stored while it changed. All return what is wrong, a line each, "rule: what".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from . import change, single
from .model import Parsed, parse

__all__ = ["lint", "lint_change", "lint_revisions", "parse"]


def lint(text: str | bytes) -> list[str]:
    """What is wrong with one playlist; empty if nothing."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return ["encoding: not UTF-8"]
    if text.startswith("\ufeff"):
        return ["encoding: begins with a byte order mark"]
    found = parse(text)
    return [f"{name}: {fault}" for name, rule in single.RULES.items() for fault in rule(found)]


def lint_change(before: Parsed, after: Parsed) -> list[str]:
    """What is wrong with how one revision followed another."""
    return [f"{name}: {fault}" for name, rule in change.RULES.items() for fault in rule(before, after)]


def lint_revisions(revisions: Sequence[str]) -> list[str]:
    """What is wrong with how a live playlist changed, and with each revision by itself."""
    faults = [f"revision {n}: {fault}" for n, text in enumerate(revisions) for fault in lint(text)]
    for number, (before, after) in enumerate(pairwise(parse(text) for text in revisions), 1):
        faults += [f"revision {number}: {fault}" for fault in lint_change(before, after)]
    return faults
