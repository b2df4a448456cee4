"""Films of 8K, as telephones and cameras record them: a file is made smaller, a live stream is refused in words."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from ingest.hls import remux
from ingest.media.transcode import memory
from ingest.media.transcode.picture_filter import size_of
from pipeline.domain.errors import UnsupportedMedia
from rtmp.forward import check_codec
from sender.errors import UnsupportedMedia as NotSent
from tests.senders.inputs import PICTURE, ffmpeg, stored
from tests.senders.oracle import live, sent, uploaded
from tests.unit.limits import hostile

REFERRING = "log-level=error:ref=6:bframes=4:b-pyramid=1:keyint=16"  # as many as level 6 allows at this size
HLG = f"{REFERRING}:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
CODED = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "2", "-refs", "5"),
    "hevc, hdr": ("-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", HLG),
    "av1": ("-pix_fmt", "yuv420p10le", "-c:v", "libsvtav1", "-preset", "12"),
}
ADVICE = "larger than 4096×2304.*smaller size in the encoder, or upload it as a file"


def film(coded: tuple[str, ...], size: str = "7680x4320", pictures: int = 10) -> bytes:
    """Dark at the left half, bright at the right."""
    chart = f"color=0x202020:s={size}:r=30,drawbox=iw/2:0:iw/2:ih:0xc0c0c0:fill"
    return ffmpeg("a.mp4", "-f", "lavfi", "-i", chart, "-frames:v", str(pictures), *coded)


def imported(data: bytes, tmp_path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.senders.importing", stored(data, "a.mp4"), str(tmp_path / "first.ts")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_ARENA_MAX": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("codec", CODED)
def test_a_file_of_8k_is_made_smaller_within_the_memory_of_the_importer(codec: str, tmp_path: Path) -> None:
    found = imported(film(CODED[codec]), tmp_path)

    print(f"peak {found['peak'] >> 20} MiB of {memory.MOST >> 20}")
    assert (found["width"], found["height"], found["pictures"]) == (4096, 2304, 10)
    assert found["ends"] == pytest.approx(10 / 30, abs=0.01)
    assert found["peak"] < memory.MOST
    with av.open(str(tmp_path / "first.ts")) as container:
        picture = np.asarray(next(container.decode(video=0)).to_ndarray(format="gray"), int)
    assert picture.shape == (2304, 4096)
    assert picture[:, 2000].max() < 70 < 140 < picture[:, 2100].min()


@pytest.mark.parametrize(
    ("size", "smaller"),
    [
        ((7680, 4320), (4096, 2304)),
        ((4320, 7680), (2304, 4096)),
        ((8192, 4320), (4096, 2160)),
        ((7680, 3840), (4096, 2048)),
        ((5760, 5760), (3072, 3072)),
        ((8192, 2048), (4096, 1024)),
        ((4096, 2304), (4096, 2304)),
        ((4800, 1200), (4800, 1200)),
    ],
)
def test_the_ratio_is_kept(size: tuple[int, int], smaller: tuple[int, int]) -> None:
    assert size_of(*size, None) == smaller


def test_pixels_that_are_not_square_count_as_they_are_shown() -> None:
    assert size_of(3840, 4320, Fraction(2)) == (4096, 2304)


def test_a_film_that_needs_more_memory_than_the_importer_has_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "MOST", 1 << 20)
    with pytest.raises(UnsupportedMedia, match=r"refer to so many others.*smaller size"):
        memory.check()


def test_a_picture_that_was_transcoded_is_gone_at_once() -> None:
    """Not when Python next looks for circles: a hundred pictures of 4K fill an instance."""
    data = ffmpeg("a.mp4", *PICTURE, "-t", "2", *CODED["hevc, hdr"])
    gc.collect()
    gc.disable()
    try:
        before = pictures_held()
        assert len(uploaded(data).pictures) == 50
        left = pictures_held() - before
    finally:
        gc.enable()
    assert left < 5


def pictures_held() -> int:
    return sum(isinstance(one, VideoFrame) for one in gc.get_objects())


@pytest.mark.parametrize("kind", ["mpegts", "flv", "matroska"])
def test_a_live_stream_of_8k_is_told_what_would_be_right(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UnsupportedMedia, match=f"7680×4320 is {ADVICE}"):
        live(hostile.h264(tmp_path, 7680, 4320, kind=kind))


def test_a_stream_that_becomes_8k_is_told_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=f"7680×4320 is {ADVICE}"):
        live(hostile.h264(tmp_path, 7680, 4320, after=20))


def test_a_pushed_segment_of_8k_is_told_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=f"7680×4320 is {ADVICE}"):
        remux.measure(hostile.h264(tmp_path, 7680, 4320))


def test_an_rtmp_encoder_of_8k_is_told_what_would_be_right(tmp_path: Path) -> None:
    data = hostile.h264(tmp_path, 7680, 4320, kind="flv")
    with av.open(io.BytesIO(data), "r") as container, pytest.raises(NotSent, match=f"7680×4320 is {ADVICE}"):
        check_codec(container)


def test_what_the_sender_makes_of_8k_is_refused_in_the_same_words(tmp_path: Path) -> None:
    data = hostile.h264(tmp_path, 7680, 4320, kind="matroska")
    with pytest.raises(UnsupportedMedia, match=ADVICE):
        live(sent(stored(data, "a.mkv")))
