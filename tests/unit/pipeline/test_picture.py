"""Pictures that people hand in, decoded as browsers show them."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.documents.references import picture

# How a camera stores an upright picture in each orientation (Exif 2.3, section 4.6.4).
STORED = {
    1: lambda seen: seen,
    2: lambda seen: seen[:, ::-1],
    3: lambda seen: seen[::-1, ::-1],
    4: lambda seen: seen[::-1],
    5: lambda seen: seen.swapaxes(0, 1),
    6: lambda seen: np.rot90(seen),
    7: lambda seen: np.rot90(seen[:, ::-1], -1),
    8: lambda seen: np.rot90(seen, -1),
}


def seen(channels: int) -> NDArray[np.uint8]:
    """A picture of 24 x 40 whose four corners differ."""
    corners = np.arange(4 * channels, dtype=np.uint8).reshape(2, 2, channels) * 15 + 40
    return np.kron(corners, np.ones((12, 20, 1), np.uint8))


def exif(orientation: int, order: str = "<") -> bytes:
    """A block of Exif that states this orientation alone."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return mark + entry


def encoded(ending: str, pixels: NDArray[np.uint8], block: bytes) -> bytes:
    done, data = cv2.imencodeWithMetadata(
        ending, np.ascontiguousarray(pixels), [cv2.IMAGE_METADATA_EXIF], [np.frombuffer(block, np.uint8)]
    )
    assert done
    return data.tobytes()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(("ending", "channels"), [(".png", 4), (".png", 3), (".webp", 3), (".jpg", 3)])
def test_a_picture_is_upright_however_the_camera_was_held(ending: str, channels: int, orientation: int) -> None:
    right = seen(channels)
    pixels = picture.decode(encoded(ending, STORED[orientation](right), exif(orientation)))
    assert pixels is not None
    assert pixels.shape == right.shape
    assert np.abs(pixels.astype(int) - right)[2:-2, 2:-2].max() < 40


@pytest.mark.parametrize("orientation", STORED)
def test_it_is_turned_as_opencv_turns_what_has_no_alpha(orientation: int) -> None:
    data = encoded(".png", STORED[orientation](seen(3)), exif(orientation))
    turned, expected = picture.decode(data), cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert turned is not None and expected is not None
    assert np.array_equal(turned, expected)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (exif(6), 6),
        (exif(6, ">"), 6),
        (b"Exif\0\0" + exif(8), 8),
        (b"", 1),
        (b"II*\0", 1),
        (exif(6)[:12], 1),
        (exif(9), 1),
        (b"II*\0\xff\xff\xff\xff", 1),
        (b"II*\0\x08\0\0\0\xff\xff", 1),
    ],
)
def test_the_orientation_is_read_from_exif_and_damage_means_upright(block: bytes, expected: int) -> None:
    assert picture.orientation(block) == expected


@pytest.mark.parametrize("data", [b"", b"xx", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert picture.decode(data) is None


def test_a_picture_of_16_bits_is_none() -> None:
    assert picture.decode(cv2.imencode(".png", np.full((64, 64), 900, np.uint16))[1].tobytes()) is None


def test_a_picture_of_16_bits_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = cv2.imencode(".png", np.zeros((16, 16, 4), np.uint16))[1].tobytes()
    monkeypatch.setattr(cv2, "imdecodeWithMetadata", lambda *_, **__: pytest.fail("it was decoded"))
    assert picture.decode(data) is None
