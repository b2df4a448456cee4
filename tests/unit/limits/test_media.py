"""Media that ask for more memory or time than they may: refused in words, before the memory is taken."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from tests.unit.ingest.clips import make_clip
from tests.unit.ingest.world import Bytes, Memory, Records, session
from tests.unit.limits import hostile

from ingest.hls import remux
from ingest.media.cut import CutRule
from ingest.media.files import open_file
from ingest.media.probe import open_media
from ingest.settings import Ingest
from pipeline.domain.errors import Poison, UnsupportedMedia
from pipeline.external_segments.clock import moved
from pipeline.media.containers import open_container
from pipeline.media.decode import looks
from pipeline.media.limits import MAX_PIXELS, check_rate, check_size
from pipeline.speech.sound import sound

_RULE = CutRule.of(2.0, 12)
_LARGER = "16000×16000 is larger than 4096×2304"


def sent(data: bytes, settings: Ingest | None = None) -> Memory:
    storage = Memory()
    session(storage, Records(), settings).run(Bytes(data))
    return storage


@pytest.mark.parametrize("kind", ["mpegts", "flv", "matroska"])
def test_huge_pictures_are_refused_when_they_are_copied(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UnsupportedMedia, match="larger than"):
        open_media(io.BytesIO(hostile.h264(tmp_path, 16000, 16000, kind=kind)), _RULE)


def test_huge_pictures_are_refused_when_they_are_transcoded(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match="larger than 4096×2304"):
        open_media(io.BytesIO(hostile.mjpeg(tmp_path, 16000, 16000)), _RULE)


def test_huge_pictures_are_refused_in_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=r"16000×16000 is larger than 8192×4320.*export the film"):
        open_file(io.BytesIO(hostile.h264(tmp_path, 16000, 16000)), _RULE)


def test_huge_pictures_are_refused_in_a_pushed_segment(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=_LARGER):
        remux.measure(hostile.h264(tmp_path, 16000, 16000))


def test_huge_pictures_are_refused_in_an_announced_segment(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=_LARGER):
        moved(hostile.h264(tmp_path, 16000, 16000), 0.0)


def test_a_segment_of_huge_pictures_is_never_sampled(tmp_path: Path) -> None:
    with pytest.raises(Poison, match=_LARGER):
        list(looks(hostile.h264(tmp_path, 16000, 16000), 2.0, 2.0))


def test_pictures_that_become_huge_end_the_stream_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=_LARGER):
        sent(hostile.h264(tmp_path, 16000, 16000, after=20))


def test_the_largest_accepted_size_is_that_of_cinema_4k() -> None:
    check_size(4096, 2304)
    assert MAX_PIXELS == 9_437_184
    with pytest.raises(UnsupportedMedia, match="4097×2304 is larger"):
        check_size(4097, 2304)


def test_more_pixels_a_second_than_are_accepted_are_refused() -> None:
    check_rate(4096, 2304, 120, 2.0)
    with pytest.raises(UnsupportedMedia, match="at 61 pictures a second"):
        check_rate(4096, 2304, 122, 2.0)


def test_a_stream_of_thousands_of_pictures_a_second_is_refused_at_its_first_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.media.limits.MAX_RATE", 320 * 180 * 60.0)
    clip = make_clip(tmp_path / "fast.ts", seconds=2.2, gop=1.0, fps=100, audio=None)
    with pytest.raises(UnsupportedMedia, match="320×180 at 100 pictures a second"):
        sent(clip.path.read_bytes())


@pytest.mark.parametrize("codec", ["ffv1", "magicyuv", "utvideo", "huffyuv"])
def test_a_codec_that_is_seldom_used_is_refused_by_name(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "rare.mkv"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=0.2", "-c:v", codec, str(path)]
    subprocess.run(command, check=True)
    for opened in (open_media, open_file):
        with pytest.raises(UnsupportedMedia, match=f"found {codec} video, which is not accepted: send H.264"):
            opened(io.BytesIO(path.read_bytes()), _RULE)


def test_an_index_of_declared_size_is_not_made(tmp_path: Path) -> None:
    """4 million samples: 96 MB of FFmpeg's index. With 80 million, a kilobyte took 2.8 GB."""
    with open_container(io.BytesIO(hostile.declared_index(4_000_000)), "mov,matroska") as container:
        assert len(container.streams.video[0].index_entries) == 0
    with open_container(io.BytesIO(hostile.declared_index(4_000)), "mov,matroska") as container:
        assert len(container.streams.video[0].index_entries) == 4_000


def test_a_picture_that_never_ends_is_not_collected(tmp_path: Path) -> None:
    source = Bytes(hostile.endless_picture(tmp_path, 40 << 20))
    with pytest.raises(UnsupportedMedia, match="no picture and no sound in 16 MiB"):
        session(Memory(), Records()).run(source)
    assert source.taken < 20 << 20


@pytest.mark.parametrize(
    "text",
    ["#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd\n"],
)
def test_a_playlist_opens_nothing(text: str) -> None:
    data = text.encode().ljust(4096, b"\n")
    for opened in (lambda: looks(data, 1.0, 1.0), lambda: sound(data, 1.0)):
        with pytest.raises(Poison):
            list(opened() or ())
    for each in (lambda: open_media(io.BytesIO(data), _RULE), lambda: moved(data, 0.0)):
        with pytest.raises(UnsupportedMedia):
            each()
