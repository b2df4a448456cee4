"""Whole sessions over real media: every container, every shape of GOP, every kind of trouble."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import av
import pytest
from tests.lint.hls import lint, lint_revisions, parse
from tests.unit.ingest.clips import Clip, ffmpeg_remux, make_clip, numbers, packets
from tests.unit.ingest.world import STARTED, Bytes, Memory, Published, Records, publish, session

from ingest.media.mpegts import ORIGIN
from ingest.media.units import CLOCK
from ingest.settings import Ingest
from pipeline.domain.errors import Unavailable, UnsupportedMedia
from pipeline.domain.model import Segment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def clip(folder: Path) -> Clip:
    return make_clip(folder / "clip.ts", seconds=6)


def check(published: Published, pictures: int, *, first: int = 0) -> None:
    """What holds of every session: nothing lost or doubled, each segment plays alone, the times are exact."""
    storage = published.storage
    shown = [numbers(data) for _, data in storage.segments]
    assert [n for segment in shown for n in segment] == list(range(first, first + pictures))
    media_time = 0.0
    for segment, data in storage.segments:
        assert segment.media_time == pytest.approx(media_time, abs=1e-9)
        assert first_pts(data) == pytest.approx(ORIGIN / CLOCK + segment.media_time, abs=1e-5)
        exact = STARTED.replace(microsecond=123_000) + timedelta(seconds=segment.media_time)
        assert abs(segment.program_date_time - exact) <= timedelta(milliseconds=0.5)
        media_time += segment.duration
    assert all(segment.duration >= 1 for segment, _ in storage.segments[:-1])
    assert published.summary.media_seconds == pytest.approx(media_time, abs=1e-6)
    assert published.summary.segments == len(storage.segments)
    assert lint_revisions(storage.revisions["index.m3u8"]) == []
    assert lint(storage.revisions["vod.m3u8"][-1]) == []


def first_pts(data: bytes) -> float:
    """The lowest pts in a segment, which must be that of a keyframe that comes first."""
    with av.open(io.BytesIO(data), "r") as container:
        found = [(p.stream.type, p.pts, p.is_keyframe) for p in container.demux() if p.size]
    first, key = next((pts, key) for kind, pts, key in found if kind == "video")
    assert key
    assert first == min(pts for _, pts, _ in found if pts is not None)
    return first / CLOCK


@pytest.mark.parametrize("kind", ["mpegts", "flv", "mp4", "matroska"])
def test_h264_and_aac_are_copied_from_every_container(clip: Clip, kind: str) -> None:
    source = clip.path if kind == "mpegts" else ffmpeg_remux(clip.path, kind)

    published = publish(source)

    check(published, clip.pictures)
    assert [segment.duration for segment, _ in published.storage.segments] == [2.0, 2.0, 2.0]
    ours = [p for _, data in published.storage.segments for p in packets(data, "audio")]
    theirs = packets(clip.path, "audio")
    assert ours == theirs[-len(ours) :]
    assert len(theirs) - len(ours) <= 3  # those before the first picture
    assert published.records.session()["codecs"].endswith(",mp4a.40.2")


def test_copied_pictures_are_the_very_bytes_that_were_sent(clip: Clip) -> None:
    published = publish(clip.path)

    ours = [p for _, data in published.storage.segments for p in packets(data, "video")]
    assert ours == packets(clip.path, "video")


@pytest.mark.parametrize(
    ("gop", "durations"),
    [(0.4, [2.0, 2.0, 2.0]), (1.0, [2.0, 2.0, 2.0]), (1.48, [1.48, 1.48, 1.48, 1.48, 0.08]), (3.0, [3.0, 3.0])],
)
def test_gops_are_merged_into_segments_of_about_two_seconds(folder: Path, gop: float, durations: list[float]) -> None:
    made = make_clip(folder / f"gop{gop}.ts", seconds=6, gop=gop)

    published = publish(made.path)

    check(published, made.pictures)
    assert [round(segment.duration, 6) for segment, _ in published.storage.segments] == durations


def test_irregular_keyframes_keep_every_rule(folder: Path) -> None:
    made = make_clip(folder / "irregular.ts", seconds=12, keys={0, 7, 31, 33, 140, 141, 150, 260})

    published = publish(made.path)

    check(published, made.pictures)


def test_vp8_and_opus_are_transcoded_with_keyframes_every_two_seconds(folder: Path) -> None:
    made = make_clip(folder / "browser.webm", seconds=6, gop=4.0, video="libvpx", audio="libopus")

    published = publish(made.path)

    check(published, made.pictures)
    assert [round(segment.duration, 2) for segment, _ in published.storage.segments] == [2.0, 2.0, 2.0]
    assert published.records.session()["codecs"].startswith("avc1.")


def test_sound_alone_is_transcoded_where_the_picture_can_be_copied(clip: Clip, folder: Path) -> None:
    target = folder / "opus.mkv"
    command = ["ffmpeg", "-v", "error", "-y", "-i", clip.path, "-c:v", "copy", "-c:a", "libopus", target]
    subprocess.run(command, check=True)

    published = publish(target)

    check(published, clip.pictures)
    with av.open(io.BytesIO(published.storage.segments[1][1]), "r") as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        assert container.streams.audio[0].sample_rate == 48_000


def test_ten_bit_h264_is_transcoded_to_what_browsers_play(folder: Path) -> None:
    made = make_clip(folder / "plain.ts", seconds=2)
    target = folder / "ten-bit.ts"
    command = ["ffmpeg", "-v", "error", "-y", "-i", made.path, "-pix_fmt", "yuv420p10le", "-c:v", "libx264", target]
    subprocess.run(command, check=True)

    published = publish(target)

    with av.open(io.BytesIO(published.storage.segments[0][1]), "r") as container:
        assert container.streams.video[0].pix_fmt == "yuv420p"


def test_a_stream_without_sound_is_fine(folder: Path) -> None:
    made = make_clip(folder / "mute.ts", seconds=4, audio=None)

    published = publish(made.path)

    check(published, made.pictures)
    assert "mp4a" not in published.records.session()["codecs"]


def test_a_capture_that_begins_inside_a_gop_starts_at_its_first_keyframe(clip: Clip) -> None:
    data = clip.path.read_bytes()
    at = len(data) // 5 // 188 * 188

    published = publish(data[at:])

    check(published, 100, first=50)


def test_a_sender_that_starts_over_goes_on_in_the_same_session(clip: Clip) -> None:
    data = clip.path.read_bytes()

    published = publish(data + data)

    shown = [n for _, segment in published.storage.segments for n in numbers(segment)]
    assert shown == [*range(150), *range(150)]
    assert published.records.session()["repaired"] == 1
    assert published.summary.media_seconds == pytest.approx(12.0, abs=0.1)
    assert lint(published.storage.revisions["vod.m3u8"][-1]) == []


@pytest.mark.parametrize("kind", ["mpegts", "flv", "matroska", "mp4"])
def test_a_body_that_breaks_off_keeps_what_came(clip: Clip, kind: str) -> None:
    source = clip.path if kind == "mpegts" else ffmpeg_remux(clip.path, kind)
    data = source.read_bytes()

    published = publish(data[: len(data) * 3 // 4])

    shown = [n for _, segment in published.storage.segments for n in numbers(segment)]
    assert shown[:90] == list(range(90))
    assert len(set(shown)) == len(shown)
    assert published.records.states()[-1] == "ended"


def test_noise_within_a_transport_stream_is_survived(clip: Clip) -> None:
    data = clip.path.read_bytes()
    middle = len(data) // 2

    published = publish(data[:middle] + bytes(range(256)) * 40 + data[middle:])

    shown = [n for _, segment in published.storage.segments for n in numbers(segment)]
    assert len(shown) > 140
    assert shown[:60] == list(range(60)) and shown[-40:] == list(range(110, 150))


def test_open_gops_are_refused_since_their_segments_would_not_play_alone(folder: Path) -> None:
    made = make_clip(folder / "open.ts", seconds=16, options={"x264-params": "open-gop=1:keyint=50:bframes=2"})

    with pytest.raises(UnsupportedMedia, match="keyframe"):
        publish(made.path)


def test_states_and_facts_are_recorded_in_order(clip: Clip) -> None:
    published = publish(clip.path)
    records = published.records

    assert records.states() == ["connecting", "live", "ended"]
    assert records.stream()["session"] == published.summary.session
    facts = records.session()
    assert (facts["width"], facts["height"], facts["fps"]) == (320, 180, 25.0)
    assert facts["started"] == STARTED.replace(microsecond=123_000)
    assert (facts["segments"], facts["media_seconds"], facts["dropped"]) == (3, 6.0, 0)
    assert facts["vod"].endswith("/vod.m3u8")


def test_a_playlist_names_a_segment_only_once_it_is_stored(clip: Clip) -> None:
    published = publish(clip.path)

    stored = 0
    revisions = iter(published.storage.revisions["index.m3u8"])
    for entry in published.storage.log:
        if entry.startswith("segment"):
            stored += 1
        elif entry == "index.m3u8":
            assert len(parse(next(revisions)).items) <= stored
    assert published.storage.log[-2:] == ["vod.m3u8", "index.m3u8"]


def test_a_storage_that_stalls_stops_the_reading_and_loses_nothing(folder: Path) -> None:
    made = make_clip(folder / "long.ts", seconds=40, gop=1.0)
    data = made.path.read_bytes()
    source, released = Bytes(data), threading.Event()
    storage = Memory(before=lambda _: released.wait(60))
    running = session(storage, Records(), Ingest(upload_queue=2))
    thread = threading.Thread(target=lambda: running.run(source))
    thread.start()
    with source.moved:  # until nothing has been read for a second
        while source.moved.wait(1.0):
            pass
    held = source.taken

    released.set()
    thread.join(60)

    assert held < len(data) // 2
    shown = [n for _, segment in storage.segments for n in numbers(segment)]
    assert shown == list(range(made.pictures))


def test_a_storage_that_gives_up_leaves_the_session_waiting_with_the_reason(clip: Clip) -> None:
    def refuse(segment: Segment) -> None:
        if segment.ref.sequence == 1:
            raise Unavailable("segment 1 could not be stored: the bucket is on fire")

    storage, records = Memory(before=refuse), Records()
    data = clip.path.read_bytes() * 5

    with pytest.raises(Unavailable, match="on fire"):
        session(storage, records).run(Bytes(data))

    assert records.stream()["state"] == "reconnecting"
    assert records.stream()["error"]["code"] == "unavailable"
    assert "on fire" in records.stream()["error"]["message"]
    assert not storage.revisions["index.m3u8"][-1].endswith("#EXT-X-ENDLIST\n")
    assert [segment.ref.sequence for segment, _ in storage.segments] == [0]


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda clip: b"", "the body is empty"),
        (lambda clip: b"hello there\n" * 1000, "found text"),
        (lambda clip: bytes(1 << 20), "found no video"),
        (lambda clip: clip.path.read_bytes()[:376], "found"),
    ],
)
def test_what_is_no_video_is_refused_and_recorded(clip: Clip, make: Callable[[Clip], bytes], found: str) -> None:
    storage, records = Memory(), Records()

    with pytest.raises(UnsupportedMedia, match=found) as refused:
        session(storage, records).run(Bytes(make(clip)))

    assert storage.log == []
    assert records.states() == ["connecting", "error"]
    assert records.stream()["error"] == {"code": "unsupported-media", "message": str(refused.value)}
    assert records.session() == {}


def test_a_hostile_playlist_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ts"
    make_clip(secret, seconds=1)
    concat = f"ffconcat version 1.0\nfile '{secret}'\n".encode() + b"\n" * 5000

    with pytest.raises(UnsupportedMedia):
        publish(concat)
