"""Pictures that people hand in, decoded as browsers show them."""

from __future__ import annotations

import os
import struct
from collections.abc import Generator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from ...domain.errors import Busy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Imports of OpenCV stay inside the functions: most processes that import this package decode no picture.

MAX_PIXELS = 16_000_000
"""Of a picture, at most."""
_AT_ONCE = BoundedSemaphore(1)  # a small file of 16 million pixels takes up to 120 MiB while it is looked at
_WAIT_SECONDS = 5.0  # for a turn
_PNG = b"\x89PNG\r\n\x1a\n"  # then the header: at 24 its bits a channel
_ORIENTATION = 0x0112  # tag of Exif 2.3, section 4.6.4
# OpenCV reads it when it is loaded, which is later: nothing needs it at the start of a process.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))


@contextmanager
def alone() -> Generator[None]:
    """One picture at a time in this process, so that many at once take no more memory than one. Raises Busy."""
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise Busy("too many pictures at once: send this one again in a moment")
    try:
        yield
    finally:
        _AT_ONCE.release()


def decode(data: bytes) -> NDArray[np.uint8] | None:
    """The pixels of a PNG, JPEG or WebP, height x width (x channels): upright as its Exif says, with its alpha.

    None for what is no picture of 8 bits that OpenCV reads. Raises cv2.error for more than MAX_PIXELS.
    """
    import cv2
    import numpy as np

    if not data or (
        data.startswith(_PNG) and data[24:25] > b"\x08"
    ):  # of 16 bits: decoded, it takes four times as much
        return None
    # Alone IMREAD_UNCHANGED keeps alpha, and it alone leaves the picture lying as the camera was held.
    pixels, kinds, blocks = cv2.imdecodeWithMetadata(np.frombuffer(data, np.uint8), flags=cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8:  # pyright: ignore[reportUnnecessaryComparison] - the stub has no None
        return None
    exif = next(
        (bytes(block) for kind, block in zip(kinds, blocks, strict=True) if kind == cv2.IMAGE_METADATA_EXIF), b""
    )
    return upright(np.asarray(pixels, np.uint8), orientation(exif))


def within(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture, made smaller where its longer side has more than `side` pixels."""
    import cv2
    import numpy as np

    scale = side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    height, width = (max(1, round(length * scale)) for length in pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def orientation(exif: bytes) -> int:
    """The orientation, 1 to 8, that a block of Exif (TIFF 6.0) states; 1, upright, if it states none."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        [start] = struct.unpack_from(f"{order}I", exif, 4)
        [count] = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, entry)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:  # cut off
        pass
    return 1


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """`pixels` as they are to be seen, if the camera stored them in this `orientation`, 1 to 8."""
    import numpy as np

    if orientation >= 5:  # its rows are columns
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
