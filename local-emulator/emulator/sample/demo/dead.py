"""Dead letters of a running stack, as its API lists them."""

from __future__ import annotations

from typing import Any

from ...declaration.endpoints import Endpoints
from ..streams import ask

_MAX_LETTERS = 1000


def letters(endpoints: Endpoints, stream: str) -> list[dict[str, Any]]:
    """The dead letters about objects of `stream`, the newest first. Raises CallFailed."""
    found: list[dict[str, Any]] = ask(endpoints, "GET", f"/dead-letters?limit={_MAX_LETTERS}")["dead_letters"]
    return [letter for letter in found if f"/{stream}/" in letter["object"]]


def dead_letters(endpoints: Endpoints, stream: str) -> list[str]:
    """A line for each of them. Raises CallFailed."""
    return [f"dead letter of {one['topic']}: {one['object']}: {one['reason']}" for one in letters(endpoints, stream)]
