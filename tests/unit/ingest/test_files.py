"""Files, in the containers and shapes that people have: what becomes of them, and what is said of others."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from tests.unit.ingest.clips import make_clip

from ingest.media.cut import CutRule
from ingest.media.files import open_file
from ingest.media.probe import open_media
from ingest.media.source import Media
from ingest.media.transcode.video import VideoTranscoder
from ingest.media.units import seconds
from pipeline.domain.errors import UnsupportedMedia

RULE = CutRule.of(2.0, 12)


def opened(data: bytes) -> Media:
    return open_file(io.BytesIO(data), RULE)


def pictures(media: Media) -> int:
    return sum(unit.video for unit in media.units())


def mp4(path: Path, **options: Any) -> bytes:
    """The index comes last, as cameras and encoders leave it."""
    make_clip(path, **options)
    data = path.read_bytes()
    assert data.index(b"mdat") < data.index(b"moov")
    return data


def test_an_mp4_whose_index_comes_last_is_copied(tmp_path: Path) -> None:
    media = opened(mp4(tmp_path / "clip.mp4"))
    assert not isinstance(media.picture, VideoTranscoder)
    assert pictures(media) == 150


@pytest.mark.parametrize(
    ("name", "video", "audio", "copied"),
    [
        ("clip.mkv", "libx264", "aac", True),
        ("clip.ts", "libx264", "aac", True),
        ("clip.flv", "libx264", "aac", True),
        ("clip.avi", "libx264", "aac", True),
        ("clip.mov", "libx264", "aac", True),
        ("clip.webm", "libvpx", "libopus", False),
        ("clip.avi", "mpeg4", "libmp3lame", False),
        ("clip.mpg", "mpeg2video", "mp2", False),
        ("clip.wmv", "wmv2", None, False),
    ],
)
def test_every_container_that_is_named_is_taken(
    tmp_path: Path, name: str, video: str, audio: str | None, copied: bool
) -> None:
    made = make_clip(tmp_path / name, video=video, audio=audio, seconds=4)
    media = opened(made.path.read_bytes())
    assert isinstance(media.picture, VideoTranscoder) == (not copied)
    units = [unit for unit in media.units() if unit.video]
    assert abs(len(units) - made.pictures) <= 1
    shown = sorted(unit.pts for unit in units)
    assert len(set(shown)) == len(shown)
    assert seconds(shown[-1] - shown[0]) == pytest.approx(4 - 1 / 25, abs=0.1)


def test_the_contents_tell_what_a_file_is_not_its_name(tmp_path: Path) -> None:
    make_clip(tmp_path / "clip.mkv")
    (tmp_path / "clip.mkv").rename(tmp_path / "clip.mp4")
    assert "Matroska" in opened((tmp_path / "clip.mp4").read_bytes()).container.format.long_name


def test_pictures_without_keyframes_to_cut_at_are_transcoded(tmp_path: Path) -> None:
    media = opened(mp4(tmp_path / "clip.mp4", seconds=14, keys={0}))
    keys = [unit for unit in media.units() if unit.video and unit.key]
    assert len(keys) == 7


@pytest.mark.parametrize("degrees", [-90, 90, 180])
def test_a_video_that_lies_on_its_side_is_turned_upright(tmp_path: Path, degrees: int) -> None:
    make_clip(tmp_path / "lying.mp4", seconds=2, audio=None)
    data = rotated(tmp_path / "lying.mp4", degrees)
    media = opened(data)
    template = media.picture.template
    assert isinstance(template, VideoStream)
    assert (template.width, template.height) == ((320, 180) if degrees == 180 else (180, 320))
    decoder = av.CodecContext.create("h264", "r")
    frames = [f for unit in media.units() for f in decoder.decode(unit.packet)]
    shown = frames[0].to_ndarray(format="gray")
    with av.open(io.BytesIO(data), "r") as container:
        lying = next(container.decode(video=0))
    expected = np.rot90(lying.to_ndarray(format="gray"), degrees // 90)
    assert abs(shown.astype(int) - expected.astype(int)).mean() < 4


def rotated(path: Path, degrees: int) -> bytes:
    out = io.BytesIO()
    with av.open(str(path), "r") as source, av.open(out, "w", format="mp4") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(degrees)
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    return out.getvalue()


def test_a_song_with_a_cover_is_no_video(tmp_path: Path) -> None:
    song = make_clip(tmp_path / "clip.ts", seconds=2).path
    with av.open(str(tmp_path / "cover.png"), "w", format="image2") as out:
        stream = out.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        out.mux(stream.encode(av.VideoFrame(64, 64, "rgb24")))
    cover = ("-i", str(tmp_path / "cover.png"), "-map", "0:a", "-map", "1:v", "-disposition:v:0", "attached_pic")
    data = remuxed(song, tmp_path / "song.m4a", "mp4", *cover)
    with pytest.raises(UnsupportedMedia, match="found aac sound and no video"):
        opened(data)


@pytest.mark.parametrize("kind", ["mp4", "matroska", "flv"])
def test_a_file_that_is_cut_off_gives_what_is_whole_and_says_so(tmp_path: Path, kind: str) -> None:
    made = make_clip(tmp_path / "clip.mov", seconds=20)
    suffix = {"mp4": ".mp4", "matroska": ".mkv", "flv": ".flv"}[kind]
    target = tmp_path / f"whole{suffix}"
    options = ("-movflags", "+faststart") if kind == "mp4" else ()
    data = remuxed(made.path, target, kind, *options)
    media = opened(data[: len(data) * 6 // 10])
    taken = 0
    with pytest.raises(UnsupportedMedia, match=r"cut off: it says that it lasts 20\.\d s and has 1\d\.\d s"):
        for unit in media.units():
            taken += unit.video
    assert 250 < taken < 350


def remuxed(source: Path, target: Path, kind: str, *options: str) -> bytes:
    command = ["ffmpeg", "-v", "error", "-y", "-i", source, *options, "-c", "copy", "-f", kind, target]
    subprocess.run(command, check=True)
    return target.read_bytes()


@pytest.mark.parametrize("name", ["clip.ts", "clip.avi"])
def test_what_says_nothing_of_its_length_ends_where_it_ends(tmp_path: Path, name: str) -> None:
    data = make_clip(tmp_path / name, seconds=6).path.read_bytes()
    assert 80 < pictures(opened(data[: len(data) * 6 // 10])) < 100


def test_an_mp4_that_lost_its_index_is_refused_in_words(tmp_path: Path) -> None:
    data = mp4(tmp_path / "clip.mp4")
    with pytest.raises(UnsupportedMedia, match=r"its index \(moov\)"):
        opened(data[: data.index(b"moov") - 4])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04" + bytes(100), "a ZIP archive"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a RIFF file"),
        (b"#EXTM3U\nfile:///etc/passwd", "an HLS playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "text"),
        (bytes(5000), "no video that can be read"),
    ],
)
def test_what_is_no_video_is_named(data: bytes, said: str) -> None:
    with pytest.raises(UnsupportedMedia, match=said):
        opened(data)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    made = make_clip(tmp_path / "clip.ts", seconds=2)
    data = remuxed(made.path, tmp_path / "sound.m4a", "mp4", "-vn")
    with pytest.raises(UnsupportedMedia, match="found aac sound and no video"):
        opened(data)


def test_a_live_input_is_not_taken_for_a_file(tmp_path: Path) -> None:
    data = mp4(tmp_path / "clip.mp4")

    class Live:
        def __init__(self) -> None:
            self._data = io.BytesIO(data)

        def read(self, size: int, /) -> bytes:
            return self._data.read(size)

    with pytest.raises(UnsupportedMedia, match=r"index \(moov\) comes after its data"):
        open_media(Live(), RULE)
