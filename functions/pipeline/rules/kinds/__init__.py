"""The kinds of rules: a file each, and a line in this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ...domain import shapes
from ...domain.errors import BadRequest
from ..model import What
from .absent import Absent
from .appears import Appears
from .beside import Beside
from .degraded import Degraded
from .disappears import Disappears
from .pace import Pace
from .shown import Shown
from .stopped import Stopped
from .unsafe import Unsafe
from .word import Word

KINDS: Mapping[str, type[Struct]] = {
    "appears": Appears,
    "disappears": Disappears,
    "absent": Absent,
    "pace": Pace,
    "beside": Beside,
    "word": Word,
    "shown": Shown,
    "unsafe": Unsafe,
    "stopped": Stopped,
    "degraded": Degraded,
}
"""By name: the `kind` of what a rule looks for. Each is a `What`, and its fields are those of the rule."""


def read(what: Mapping[str, Any]) -> What:
    """What a rule looks for. Raises BadRequest."""
    kind = KINDS.get(str(what.get("kind")))
    if kind is None:
        raise BadRequest(f"'what.kind' must be one of {', '.join(KINDS)}")
    found: Any = shapes.read(dict(what), kind, "what")
    return found
