"""Tuning and reporting, apart: a hash of its name says where a mark or a picture belongs, for good."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256


class Part(StrEnum):
    """What a mark or a picture may be used for."""

    TUNING = "tuning"
    REPORTING = "reporting"


def of(part: Part, names: Iterable[str]) -> list[str]:
    """The names of that part, in the order of their hashes."""
    hashed = sorted((sha256(name.encode()).digest(), name) for name in names)
    return [name for digest, name in hashed if (digest[0] % 2 == 0) == (part is Part.REPORTING)]
