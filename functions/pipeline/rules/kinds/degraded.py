"""`degraded`: a stream breaks off again and again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ..model import Firing, Timeline

_WITHIN = 60_000  # ms


class Degraded(Struct, forbid_unknown_fields=True, kw_only=True, tag="degraded", tag_field="kind"):
    """Fires when the stream has broken off `breaks` times within a minute: its sender came back, or pictures lack."""

    breaks: Annotated[int, must("be a whole number from 1 to 20", ge=1, le=20)] = 3

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return 2 * _WITHIN

    @property
    def sees(self) -> Kind | None:
        """It looks at no detections."""
        return None

    @property
    def hears(self) -> bool:
        """It does not need what was said."""
        return False

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order: one for each time that the breaks become so many."""
        recent = deque[int]()
        for part in known.parts:
            if not part.discontinuity:
                continue
            many = len(recent) >= self.breaks
            recent.append(part.start)
            while part.start - recent[0] > _WITHIN:
                recent.popleft()
            if len(recent) >= self.breaks and not many:
                yield Firing(
                    episode=str(part.start),
                    at=part.start,
                    text=f"The stream has broken off {len(recent)} times within a minute",
                    facts={"breaks": len(recent)},
                )
