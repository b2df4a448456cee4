"""Limits of pictures: one that compresses well costs its sender nothing, and its decoder bytes for every pixel."""

from __future__ import annotations

from typing import NamedTuple

from ..domain.errors import UnsupportedMedia


class Largest(NamedTuple):
    """The most pixels that a picture may have, as a width and a height. `advice`: what its sender can do."""

    width: int
    height: int
    advice: str

    @property
    def pixels(self) -> int:
        """The product, which counts: pictures may also be upright."""
        return self.width * self.height

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


IN_FILE = Largest(8192, 4320, "export the film in a smaller size")
"""Of an uploaded file: as cameras record 8K. The importer makes it smaller."""
LARGEST = Largest(
    4096,
    2304,
    f"choose a smaller size in the encoder, or upload it as a file, which may have {IN_FILE} and is made smaller",
)
"""Of what is streamed, and of every segment."""
MAX_PIXELS = LARGEST.pixels
"""9,437,184."""
MAX_RATE = 60.0 * MAX_PIXELS
"""Pixels a second."""


def check_size(width: int, height: int, largest: Largest = LARGEST) -> None:
    """Raises UnsupportedMedia if a picture has more pixels than are accepted."""
    if width * height > largest.pixels:
        raise UnsupportedMedia(
            f"{width}×{height} is larger than {largest}, the most pixels that are accepted: {largest.advice}"
        )


def check_rate(width: int, height: int, pictures: int, seconds: float) -> None:
    """Raises UnsupportedMedia if that many pictures in that time are more pixels a second than are accepted."""
    check_size(width, height)
    if width * height * pictures > MAX_RATE * max(seconds, 1.0):
        raise UnsupportedMedia(
            f"{width}×{height} at {pictures / max(seconds, 1.0):.0f} pictures a second is more than {LARGEST} "
            "at 60, the most that is accepted: send a smaller size or rate"
        )
