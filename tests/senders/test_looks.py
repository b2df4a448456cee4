"""What detectors look at is what viewers see: whole pictures in square pixels, of H.264 that is copied as it came."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from pipeline.media.decode import looks
from pipeline.sampling.picture import Plane, bgr
from tests.senders.inputs import X264, ffmpeg
from tests.senders.oracle import Found, live, uploaded

FIELDS = ("-flags", "+ildct+ilme", "-x264-params", "tff=1:interlaced=1")
MOVING = "color=gray:s=192x96:r=50,format=yuv420p,geq=lum='16+200*lt(mod(X-N*6+1200,96),40)':cb=128:cr=128,interlace"


def seen(data: bytes) -> Plane:
    """The first look at the first segment."""
    look = next(looks(live(data).segments[0].data, 5, 2.0))
    return bgr(look.frame, look.aspect)


def combing(picture: Plane) -> float:
    rows = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(int)
    return float(np.abs(rows[1:] - rows[:-1]).mean())


def test_fields_of_different_instants_are_one_picture() -> None:
    data = ffmpeg("a.ts", "-f", "lavfi", "-i", MOVING, "-t", "1", *X264, *FIELDS)

    look = next(looks(live(data).segments[0].data, 5, 2.0))

    assert look.frame.interlaced_frame
    assert combing(np.asarray(look.frame.to_ndarray(format="bgr24"), np.uint8)) > 10
    assert combing(bgr(look.frame, look.aspect)) < 4


def test_what_stands_still_keeps_all_its_lines() -> None:
    still = ("-f", "lavfi", "-i", "testsrc2=s=192x108:r=25,select=eq(n\\,0),loop=25:1:0", "-t", "1")

    whole = seen(ffmpeg("a.ts", *still, *X264, "-crf", "10")).astype(int)
    fields = seen(ffmpeg("b.ts", *still, *X264, "-crf", "10", *FIELDS)).astype(int)

    assert np.abs(fields - whole).mean() < 4


@pytest.mark.parametrize(("aspect", "shape"), [("64/45", (144, 256)), ("8/9", (162, 180)), ("1/1", (144, 180))])
def test_pixels_become_square(aspect: str, shape: tuple[int, int]) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=180x144:r=25", "-t", "1", "-vf", f"setsar={aspect}")

    assert seen(ffmpeg("a.ts", *source, *X264)).shape[:2] == shape


@pytest.mark.parametrize("way", [live, uploaded])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("left", [2, 18, 34])
def test_pictures_are_cropped_at_the_left_by_any_width(left: int, codec: str, way: Callable[[bytes], Found]) -> None:
    """Encoders fill their pictures up to whole blocks, and cameras choose a window of their sensor."""
    kept = f"drawbox={left}:0:8:144:white:fill"
    chart = ("-f", "lavfi", "-i", f"color=gray:s=256x144:r=25,drawbox=0:0:{left}:144:black:fill,{kept}", "-t", "1")
    coded = X264 if codec == "h264" else ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
    window = f"{codec}_metadata=crop_left={left}:crop_right=6:crop_top=10:crop_bottom=14"

    found = way(ffmpeg("a.ts", *chart, *coded, "-bsf:v", window))

    look = next(looks(found.segments[0].data, 5, 2.0))
    picture = bgr(look.frame, look.aspect)
    assert picture.shape == (120, 256 - left - 6, 3)
    assert (found.records.session()["width"], found.records.session()["height"]) == (256 - left - 6, 120)
    assert picture[60, :6].min() > 230
    assert 110 < picture[60, 12:].mean() < 145
