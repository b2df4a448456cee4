"""The progress of an HLS push, as the instance sees it that goes on with it. `documents.pushes` keeps it."""

from __future__ import annotations

from typing import Any

import msgspec

from ..domain.push import Push
from .client import call

_SECONDS = 10.0  # of one call: the sender's request waits


def load(stream: str) -> Push | None:
    """The stored push, or None."""
    return read(call("GET", _path(stream), seconds=_SECONDS)["push"])


def save(stream: str, push: Push) -> None:
    """Replaces the version that `push` was made from; None: it is new. Raises Conflict if it has changed."""
    call("PUT", _path(stream), written(push), seconds=_SECONDS)


def check_going_on(stream: str, session: str) -> None:
    """Raises LeaseLost once the push has ended or lost its lease, and Conflict if it is in another session now."""
    call("POST", f"{_path(stream)}/check", {"session": session}, seconds=_SECONDS)


def written(push: Push) -> dict[str, Any]:
    """A push as JSON has it."""
    return msgspec.to_builtins(push, enc_hook=str)


def read(value: Any) -> Push | None:
    """The inverse. Raises msgspec.ValidationError."""
    return msgspec.convert(value, Push | None)


def _path(stream: str) -> str:
    return f"/streams/{stream}/push"
