"""`stopped`: nothing has come of a stream for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ..model import Firing, Timeline


class Stopped(Struct, forbid_unknown_fields=True, kw_only=True, tag="stopped", tag_field="kind"):
    """Fires when a session has ended, or has brought nothing, for `seconds`. Maintenance sees it, once a minute."""

    seconds: Annotated[float, must("be a number from 10 to 3600", ge=10, le=3600)] = 30.0

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return 0

    @property
    def sees(self) -> Kind | None:
        """It looks at no detections."""
        return None

    @property
    def hears(self) -> bool:
        """It does not need what was said."""
        return False

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """One at most: a session that goes on has not stopped."""
        if not known.parts or known.now is None:
            return
        end = known.parts[-1].end
        if known.now - (known.started + timedelta(milliseconds=end)) >= timedelta(seconds=self.seconds):
            why = f": {known.error}" if known.error else ""
            yield Firing(
                episode=str(end),
                at=end,
                text=f"The stream has stopped{why}",
                facts={"ended": known.ended is not None, "error": known.error},
            )
