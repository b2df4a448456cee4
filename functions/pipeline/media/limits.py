"""Limits of pictures: one that compresses well costs its sender nothing, and its decoder bytes for every pixel."""

from __future__ import annotations

from ..domain.errors import UnsupportedMedia

WIDTH, HEIGHT = 4096, 2304
MAX_PIXELS = WIDTH * HEIGHT
"""Of one picture: 9,437,184."""
MAX_RATE = 60.0 * MAX_PIXELS
"""Pixels a second."""


def check_size(width: int, height: int) -> None:
    """Raises UnsupportedMedia if a picture has more pixels than are accepted."""
    if width * height > MAX_PIXELS:
        raise UnsupportedMedia(
            f"{width}×{height} is larger than {WIDTH}×{HEIGHT}, the most pixels that are accepted: send a smaller size"
        )


def check_rate(width: int, height: int, pictures: int, seconds: float) -> None:
    """Raises UnsupportedMedia if that many pictures in that time are more pixels a second than are accepted."""
    check_size(width, height)
    if width * height * pictures > MAX_RATE * max(seconds, 1.0):
        raise UnsupportedMedia(
            f"{width}×{height} at {pictures / max(seconds, 1.0):.0f} pictures a second is more than {WIDTH}×{HEIGHT} "
            "at 60, the most that is accepted: send a smaller size or rate"
        )
