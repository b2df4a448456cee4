"""What the kinds of rules about labels share."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ...reports.model import SURE, Observation, Sight

Label = Annotated[str, must("be a label of 1 to 200 characters", min_length=1, max_length=200)]
Confidence = Annotated[float, must("be a number from 0 to 1", ge=0, le=1, description="the least that counts")]
APART = 5_000
"""Milliseconds: a label that is gone for less has not been away."""


class OfLabel(Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields of a rule about one label."""

    label: Label
    of: Kind = Kind.LOGO
    confidence: Confidence = 0.0

    @property
    def sees(self) -> Kind | None:
        """The kind of detection that it looks at."""
        return self.of

    @property
    def hears(self) -> bool:
        """Whether it needs what was said."""
        return False

    def shown(self, seen: Observation) -> list[Sight]:
        """Where an observation has the label."""
        return [one for one in seen.sights if is_(self.label, one) and one.confidence >= self.confidence * SURE]


def is_(label: str, sight: Sight) -> bool:
    """Whether a detection is of a label: the case of letters makes no difference."""
    return sight.label.casefold() == label.casefold()
