import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emulator.sample.media.timecode import TimeCode


@given(st.integers(0, 2**16 - 1))
def test_the_number_read_is_the_number_drawn(number: int) -> None:
    picture = np.full((64, 320, 3), 127, np.uint8)
    TimeCode().draw(picture, number)
    assert TimeCode().read(picture) == number


def test_it_survives_compression_and_noise() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 320, 3), np.uint8)
    for number in (0, 1, 0x5555, 0xAAAA, 0xFFFF):
        TimeCode().draw(noise, number)
        encoded = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
        assert TimeCode().read(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)) == number


def test_a_picture_without_one_has_none() -> None:
    assert TimeCode().read(np.full((64, 320, 3), 127, np.uint8)) is None
    assert TimeCode().read(np.zeros((64, 320), np.uint8)) is None


def test_it_stands_on_a_black_surround_where_it_is_said_to() -> None:
    picture = np.full((64, 320, 3), 200, np.uint8)
    TimeCode(x=16, y=16, cell=12, bits=16).draw(picture, 1)
    assert (picture[16:28, 16:28] == 255).all()  # white
    assert (picture[16:28, 28:40] == 0).all()  # black
    assert (picture[16:28, 16 + 17 * 12 : 16 + 18 * 12] == 255).all()  # the last bit
    assert (picture[10:16, 10:238] == 0).all()
    assert (picture[28:34, 10:238] == 0).all()
    assert (picture[9] == 200).all()
