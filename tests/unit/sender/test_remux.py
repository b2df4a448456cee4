import io
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from sender.errors import UnsupportedMedia
from sender.remux import Chunk, remuxed
from sender.source import Source, open_source, packets


@pytest.fixture(scope="module")
def two_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """H.264 with B-frames and AAC that outlasts it, in MP4."""
    path = tmp_path_factory.mktemp("push") / "two.mp4"
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=25, options={"preset": "ultrafast", "bf": "2", "g": "25"})
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        audio = output.add_stream("aac", rate=48_000, layout="stereo")
        for number in range(50):
            picture = np.full((90, 160, 3), number * 5, np.uint8)
            output.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        sound = av.AudioFrame.from_ndarray(np.zeros((2, 100_000), np.float32), format="fltp", layout="stereo")
        sound.sample_rate = 48_000
        output.mux(audio.encode(sound))
        output.mux(video.encode(None))
        output.mux(audio.encode(None))
    return path


def test_what_arrives_is_a_transport_stream_with_every_packet(two_seconds: Path) -> None:
    data = received(live(str(two_seconds)))
    with av.open(io.BytesIO(data), "r") as container:
        assert container.format.name == "mpegts"
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == 50


def test_timestamps_rise_evenly_over_loops(two_seconds: Path) -> None:
    with av.open(io.BytesIO(received(live(str(two_seconds), seconds=7))), "r") as container:
        packets = [
            (p.stream.type, float(p.dts * p.time_base), float((p.pts or 0) * p.time_base), p.is_keyframe)
            for p in container.demux()
            if p.dts is not None
        ]
    video = [packet for packet in packets if packet[0] == "video"]
    audio = [dts for kind, dts, _, _ in packets if kind == "audio"]
    assert len(video) == 7 * 25
    assert all(b[1] - a[1] == pytest.approx(0.04, abs=1e-4) for a, b in pairwise(video))
    assert all(b > a for a, b in pairwise(audio))
    keys = [round(pts - video[0][2], 3) for _, _, pts, key in video if key]
    assert keys == [0, 1, 2, 3, 4, 5, 6]


def test_chunks_are_due_when_their_media_is_and_small(two_seconds: Path) -> None:
    chunks = list(live(str(two_seconds), seconds=5))
    assert [chunk.at for chunk in chunks] == sorted(chunk.at for chunk in chunks)
    assert all(later.at - earlier.at < 0.25 for earlier, later in pairwise(chunks))
    assert chunks[-1].at == pytest.approx(5, abs=0.3)


def test_codecs_that_do_not_fit_a_transport_stream_travel_in_matroska(tmp_path: Path) -> None:
    path = tmp_path / "vp8.webm"
    with av.open(str(path), "w") as output:
        video = output.add_stream("libvpx", rate=25)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        for number in range(10):
            picture = np.full((90, 160, 3), number * 20, np.uint8)
            output.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(video.encode(None))
    with av.open(io.BytesIO(received(live(str(path)))), "r") as container:
        assert "matroska" in container.format.name
        assert sum(1 for _ in container.decode(video=0)) == 10


@pytest.mark.parametrize(("content", "says"), [(b"no video", "cannot be opened"), (None, "cannot be opened")])
def test_what_is_no_video_is_refused_by_name(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "notes.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnsupportedMedia, match=f"notes\\.mp4 {says}"):
        list(live(str(path)))


def live(source: str, seconds: float | None = None) -> Iterator[Chunk]:
    """`source` as a live stream of so many seconds, looped where it is shorter."""
    opened = Source(source, again=seconds is not None)
    yield from remuxed(packets(opened, open_source(opened)), seconds)


def received(chunks: Iterable[Chunk]) -> bytes:
    return b"".join(chunk.data for chunk in chunks)
