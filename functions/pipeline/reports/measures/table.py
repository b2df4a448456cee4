"""The measures of a report, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .audience import Audience
from .bands import Bands
from .clutter import Clutter
from .measure import Measure
from .placements import Placements
from .position import Position
from .screen import Screen
from .sharpness import Sharpness
from .unbroken import Unbroken
from .viewable import Viewable
from .visibility import Visibility

MEASURES: Mapping[str, Callable[[], Measure]] = {
    "screen": Screen,
    "bands": Bands,
    "position": Position,
    "visibility": Visibility,
    "clutter": Clutter,
    "unbroken": Unbroken,
    "viewable": Viewable,
    "sharpness": Sharpness,
    "placements": Placements,
    "audience": Audience,
}
"""How each measure begins. docs/exposure.md has its formula under the same name."""
