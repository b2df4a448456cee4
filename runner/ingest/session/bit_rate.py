"""The bit rate of a live stream, which its sender's share of an instance's memory follows from."""

from __future__ import annotations

from pipeline.domain.errors import UnsupportedMedia

_BURST_SECONDS = 4.0  # of the limit that a stream may be ahead: a first keyframe, a scene of noise


class BitRate:
    """Adds up a stream's segments. `limit`: Mbit/s on average; 0: any."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._ahead = 0.0  # Mbit beyond what the limit allows for the time so far

    def add(self, size: int, seconds: float) -> None:
        """Adds a segment of `size` bytes. Raises UnsupportedMedia if the stream has been above its limit for long."""
        megabits = size * 8 / 1e6
        self._ahead = max(0.0, self._ahead + megabits - self._limit * seconds)
        if self._limit and self._ahead > self._limit * _BURST_SECONDS:
            raise UnsupportedMedia(
                f"the stream has {megabits / max(seconds, 0.1):.0f} Mbit/s, more than {self._limit:g}: "
                "set a lower bit rate in the encoder"
            )
