"""Geometry and colour: what viewers and detectors see is upright, in square pixels, whole, and in SDR."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.media.decode import looks
from pipeline.sampling.picture import bgr
from tests.senders.inputs import X264, ffmpeg, stored
from tests.senders.oracle import Found, cut_by_ffmpeg, live, sent, uploaded

CORNERS = ("-f", "lavfi", "-i", "color=gray:s=192x96:r=25,drawbox=0:0:96:48:white:fill,drawbox=96:48:96:48:black:fill")
BARS = ("-f", "lavfi", "-i", "smptehdbars=s=320x180:r=25", "-t", "1")
TURNS = {  # the display matrix: to the right (x, y), downwards (x, y); and what it makes of a picture
    "upright": ((1, 0, 0, 1), lambda picture: picture),
    "mirrored": ((-1, 0, 0, 1), np.fliplr),
    "upside-down": ((-1, 0, 0, -1), lambda picture: np.rot90(picture, 2)),
    "flipped": ((1, 0, 0, -1), np.flipud),
    "clockwise": ((0, 1, -1, 0), lambda picture: np.rot90(picture, -1)),
    "counterclockwise": ((0, -1, 1, 0), lambda picture: np.rot90(picture, 1)),
    "transposed": ((0, 1, 1, 0), np.transpose),
    "anti-transposed": ((0, -1, -1, 0), lambda picture: np.rot90(np.transpose(picture), 2)),
}


def first(found: Found, pixels: str = "gray") -> NDArray[np.uint8]:
    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        frame = next(container.decode(video=0))
        assert container.streams.video[0].sample_aspect_ratio in (None, 1)
        return np.asarray(frame.to_ndarray(format=pixels), np.uint8)


def turned(mp4: bytes, matrix: tuple[int, ...]) -> bytes:
    """The matrix is that of the video's track header (ISO 14496-12, 8.3.2)."""
    at = mp4.index(b"tkhd") + 4 + 40
    a, b, c, d = (part << 16 for part in matrix)
    rows = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    return mp4[:at] + b"".join(row.to_bytes(4, signed=True) for row in rows) + mp4[at + 36 :]


@pytest.mark.parametrize("coded", [X264, ("-c:v", "mpeg4")], ids=["copied", "transcoded"])
@pytest.mark.parametrize("turn", TURNS)
def test_a_picture_is_turned_and_mirrored_as_its_matrix_says(turn: str, coded: tuple[str, ...]) -> None:
    data = ffmpeg("a.mp4", *CORNERS, "-t", "1", *coded)
    matrix, expected = TURNS[turn]

    shown = first(uploaded(turned(data, matrix)))

    with av.open(io.BytesIO(data), "r") as container:
        lying = next(container.decode(video=0)).to_ndarray(format="gray")
    assert shown.shape == expected(lying).shape
    assert np.abs(shown.astype(int) - expected(lying).astype(int)).mean() < 6


@pytest.mark.parametrize("turn", ["upright", "mirrored", "clockwise"])
def test_a_telephone_that_streams_fragments_is_turned_too(turn: str) -> None:
    fragments = ("-movflags", "frag_keyframe+empty_moov+default_base_moof")
    data = ffmpeg("a.mp4", *CORNERS, "-t", "4", *X264, *fragments)
    matrix, expected = TURNS[turn]

    found = live(turned(data, matrix))

    with av.open(io.BytesIO(data), "r") as container:
        lying = next(container.decode(video=0)).to_ndarray(format="gray")
    shown = first(found)
    assert shown.shape == expected(lying).shape
    assert np.abs(shown.astype(int) - expected(lying).astype(int)).mean() < 6
    assert len(found.pictures) == 100


@pytest.mark.parametrize("name", ["a.ts", "a.flv", "a.mkv"])
@pytest.mark.parametrize(
    ("said", "turn"),
    [("rotate=90", "counterclockwise"), ("rotate=180", "upside-down"), ("flip=horizontal", "mirrored")],
)
def test_a_picture_that_says_itself_how_it_lies_is_turned(name: str, said: str, turn: str) -> None:
    """An SEI message of H.264, as encoders of telephones write it into streams that have no matrix."""
    orientation = ("-bsf:v", f"h264_metadata=display_orientation=insert:{said}")
    data = ffmpeg(name, *CORNERS, "-t", "2", *X264, *orientation)
    _, expected = TURNS[turn]
    plain = ffmpeg("a.mp4", *CORNERS, "-t", "2", *X264)
    with av.open(io.BytesIO(plain), "r") as container:
        lying = next(container.decode(video=0)).to_ndarray(format="gray")

    for found in (live(data), uploaded(data), live(sent(stored(data, name))), cut_by_ffmpeg(stored(data, name))):
        shown = first(found)
        assert shown.shape == expected(lying).shape
        assert np.abs(shown.astype(int) - expected(lying).astype(int)).mean() < 6


@pytest.mark.parametrize("turn", ["mirrored", "counterclockwise"])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_what_the_sender_sends_is_turned_too(name: str, turn: str) -> None:
    matrix, expected = TURNS[turn]
    plain = ffmpeg("a.mp4", *CORNERS, "-t", "2", *X264)
    data = as_matroska(turned(plain, matrix)) if name == "a.mkv" else turned(plain, matrix)

    shown = first(live(sent(stored(data, name))))

    with av.open(io.BytesIO(plain), "r") as container:
        lying = next(container.decode(video=0)).to_ndarray(format="gray")
    assert shown.shape == expected(lying).shape
    assert np.abs(shown.astype(int) - expected(lying).astype(int)).mean() < 6


def as_matroska(data: bytes) -> bytes:
    """The same packets and the same matrix. Debian's ffmpeg writes none."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="matroska") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    return out.getvalue()


@pytest.mark.parametrize("way", [live, uploaded])
def test_matroska_turns_its_pictures_too(way: object) -> None:
    matrix, expected = TURNS["clockwise"]
    plain = ffmpeg("a.mp4", *CORNERS, "-t", "1", *X264)

    shown = first(way(as_matroska(turned(plain, matrix))))  # type: ignore[operator]

    with av.open(io.BytesIO(plain), "r") as container:
        lying = next(container.decode(video=0)).to_ndarray(format="gray")
    assert np.abs(shown.astype(int) - expected(lying).astype(int)).mean() < 6


@pytest.mark.parametrize("way", [live, uploaded])
@pytest.mark.parametrize(("aspect", "size"), [("64/45", (256, 144)), ("8/9", (180, 162)), ("1000/1", (180, 144))])
def test_pixels_that_are_not_square_become_so(way: object, aspect: str, size: tuple[int, int]) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=180x144:r=25", "-t", "1", "-vf", f"setsar={aspect}")
    data = ffmpeg("a.mkv", *source, "-c:v", "mpeg4")

    found = way(data)  # type: ignore[operator]

    assert first(found).shape == size[::-1]
    assert (found.records.session()["width"], found.records.session()["height"]) == size


def test_an_aspect_that_only_the_container_knows_is_not_lost() -> None:
    plain = ffmpeg("a.mp4", "-f", "lavfi", "-i", "testsrc2=s=180x144:r=25", "-t", "1", *X264)
    boxed = ffmpeg("b.mkv", "-i", stored(plain, "a.mp4"), "-c", "copy", "-aspect", "16:9")

    assert first(uploaded(boxed)).shape == (144, 256)
    assert first(live(boxed)).shape == (144, 256)


@pytest.mark.parametrize("coded", [X264, ("-c:v", "libx265", "-x265-params", "log-level=error")], ids=["h264", "hevc"])
@pytest.mark.parametrize("name", ["b.mkv", "b.mp4"])
def test_an_aspect_that_only_the_container_knows_is_sent(name: str, coded: tuple[str, ...]) -> None:
    plain = ffmpeg("a.mp4", "-f", "lavfi", "-i", "testsrc2=s=180x144:r=25", "-t", "1", *coded)
    boxed = ffmpeg(name, "-i", stored(plain, "a.mp4"), "-c", "copy", "-aspect", "16:9")

    data = live(sent(stored(boxed, name))).segments[0].data

    look = next(looks(data, 5, 2.0))
    assert bgr(look.frame, look.aspect).shape[:2] == (144, 256)


@pytest.mark.parametrize("way", [uploaded, lambda data: live(sent(stored(data, "a.mp4")))])
def test_pixels_that_are_not_square_are_turned_too(way: Callable[[bytes], Found]) -> None:
    plain = ffmpeg("a.mp4", "-f", "lavfi", "-i", "testsrc2=s=180x144:r=25", "-t", "1", *X264)
    boxed = ffmpeg("b.mp4", "-i", stored(plain, "a.mp4"), "-c", "copy", "-aspect", "16:9")

    assert first(way(turned(boxed, TURNS["clockwise"][0]))).shape == (256, 144)


def hdr(transfer: str) -> bytes:
    to_light = "format=yuv420p,zscale=min=709:tin=709:pin=709:rin=tv:m=gbr:t=linear:p=709:r=pc:npl=203,format=gbrpf32le"
    to_hdr = f"zscale=p=2020:t={transfer}:m=2020_ncl:r=tv:npl=203,format=yuv420p10le"
    named = f"log-level=error:keyint=50:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited"
    coded = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", named, "-tag:v", "hvc1")
    return ffmpeg("a.mp4", *BARS, "-vf", f"{to_light},{to_hdr}", *coded)


@pytest.mark.parametrize(("transfer", "apart"), [("smpte2084", 16), ("arib-std-b67", 24)])
@pytest.mark.parametrize("way", [live, uploaded])
def test_hdr_has_the_colours_of_sdr(way: object, transfer: str, apart: float) -> None:
    plain = ffmpeg("a.mkv", *BARS, "-pix_fmt", "yuv420p", "-colorspace", "bt709", *X264)
    expected = first(uploaded(plain), "rgb24").astype(int)
    data = ffmpeg("b.mkv", "-i", stored(hdr(transfer), "a.mp4"), "-c", "copy")

    found = way(data)  # type: ignore[operator]

    shown = first(found, "rgb24").astype(int)
    greys = [(20, 20), (54, 60)]
    assert all(np.abs(shown[y, x] - expected[y, x]).max() <= 12 for y, x in greys)
    assert np.abs(shown[20:100] - expected[20:100]).mean() < apart
    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m"])
def test_colours_that_are_said_are_said_on(matrix: str) -> None:
    data = ffmpeg("a.mkv", *BARS, "-pix_fmt", "yuv420p", "-colorspace", matrix, "-c:v", "mpeg2video")

    found = live(data)

    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        assert container.streams.video[0].codec_context.colorspace == {"bt709": 1, "smpte170m": 6}[matrix]


def test_full_range_becomes_limited() -> None:
    ramp = "color=white:s=320x180:r=25,format=gray,geq=lum='X*255/W',format=yuvj420p"
    data = ffmpeg("a.avi", "-f", "lavfi", "-i", ramp, "-t", "1", "-c:v", "mjpeg", "-q:v", "2")

    shown = first(uploaded(data))[90]

    assert np.abs(shown.astype(int) - np.linspace(0, 255, 320)).max() < 12


def combing(frame: av.VideoFrame) -> float:
    """How much one line differs from the next, on average: bars that move differ from field to field."""
    rows = frame.to_ndarray(format="gray").astype(int)
    return float(np.abs(rows[1:] - rows[:-1]).mean())


def test_fields_become_whole_pictures() -> None:
    bars = "color=gray:s=192x96:r=50,format=yuv420p,geq=lum='16+200*lt(mod(X-N*6+1200,96),40)':cb=128:cr=128,interlace"
    coded = ("-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme")
    data = ffmpeg("a.ts", "-f", "lavfi", "-i", bars, "-t", "1", *coded)

    found = live(data)

    with av.open(io.BytesIO(data), "r", format="mpegts") as container:
        assert min(combing(frame) for frame in container.decode(video=0)) > 10
    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        frames = list(container.decode(video=0))
    assert len(frames) == len(found.pictures) == 25
    assert max(combing(frame) for frame in frames) < 4
    assert not any(frame.interlaced_frame for frame in frames)


@pytest.mark.parametrize(("size", "rate", "level"), [("192x108", 25, "1e"), ("1920x1080", 60, "2a")])
def test_the_codec_of_what_is_transcoded_says_its_true_level(size: str, rate: int, level: str) -> None:
    data = ffmpeg("a.ts", "-f", "lavfi", "-i", f"color=gray:s={size}:r={rate}", "-frames:v", "6", "-c:v", "mpeg2video")

    assert live(data).records.session()["codecs"] == f"avc1.6400{level}"
