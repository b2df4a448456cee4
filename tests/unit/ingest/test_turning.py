"""A sender whose streams become others under way: another programme, another codec, sound that comes late."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.ingest.clips import made
from tests.unit.ingest.world import Bytes, sent, sizes

from ingest.media.track_changes import TrackChanges


def stretches(data: bytes, step: int = 65_536) -> list[bytes]:
    source = TrackChanges(Bytes(data))
    found = [read(source, step)]
    while source.go_on():
        found.append(read(source, step))
    return found


def read(source: TrackChanges, step: int) -> bytes:
    return b"".join(iter(lambda: source.read(step), b""))


def sounds(segment: bytes) -> int:
    with av.open(io.BytesIO(segment), "r") as container:
        return len(container.streams.audio)


def tags(flv: bytes) -> list[bytes]:
    """The tags of an FLV file, each with the size that follows it."""
    found, at = list[bytes](), 13
    while at < len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4]) + 15
        found.append(flv[at : at + size])
        at += size
    return found


def time_of(tag: bytes) -> int:
    return int.from_bytes(tag[4:7])


def test_sound_that_comes_late_in_a_transport_stream_is_taken_after_a_discontinuity(tmp_path: Path) -> None:
    mute = made(tmp_path, "mute", "mpegts", "320x180", 0, sound=False)
    loud = made(tmp_path, "loud", "mpegts", "320x180", 4)

    storage, records = sent(mute + loud)

    assert [sounds(data) for _, data in storage.segments] == [0, 0, 1, 1]
    assert [segment.discontinuity for segment, _ in storage.segments] == [False, False, True, False]
    assert [segment.media_time for segment, _ in storage.segments] == [0.0, 2.0, 4.0, 6.0]
    assert records.session()["codecs"].endswith(",mp4a.40.2")


def test_sound_that_comes_late_in_flv_is_taken_at_the_next_keyframe(tmp_path: Path) -> None:
    data = made(tmp_path, "loud", "flv", "320x180", 0)
    late = data[:13] + b"".join(tag for tag in tags(data) if tag[0] == 9 or (tag[0] == 8 and time_of(tag) > 1500))
    setup = next(tag for tag in tags(data) if tag[0] == 8 and tag[12] == 0)
    first = next(tag for tag in tags(late) if tag[0] == 8)
    late = late.replace(first, setup[:4] + first[4:8] + setup[8:] + first, 1)

    storage, _ = sent(late)

    assert [sounds(data) for _, data in storage.segments] == [0, 1]
    assert [segment.discontinuity for segment, _ in storage.segments] == [False, True]
    with av.open(io.BytesIO(storage.segments[1][1]), "r") as container:
        assert sum(1 for _ in container.decode(video=0)) == 50


def test_another_codec_in_a_transport_stream_follows_a_discontinuity(tmp_path: Path) -> None:
    first = made(tmp_path, "a", "mpegts", "320x180", 0)
    second = made(tmp_path, "b", "mpegts", "640x360", 4, "-c:v", "mpeg2video")
    third = made(tmp_path, "c", "mpegts", "320x180", 8)

    storage, records = sent(first + second + third)

    assert sizes(storage)[:2] == [(320, 180)] * 2 and sizes(storage)[-2:] == [(320, 180)] * 2
    assert (640, 360) in sizes(storage)
    assert sum(segment.discontinuity for segment, _ in storage.segments) == 2
    assert records.states()[-1] == "ended"


def test_another_programme_on_other_pids_follows_a_discontinuity(tmp_path: Path) -> None:
    first = made(tmp_path, "a", "mpegts", "320x180", 0)
    other = ("-streamid", "0:500", "-streamid", "1:501", "-mpegts_pmt_start_pid", "480")
    second = made(tmp_path, "b", "mpegts", "640x360", 4, *other)

    storage, _ = sent(first + second)

    assert sizes(storage) == [(320, 180)] * 2 + [(640, 360)] * 2


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    folder = tmp_path_factory.mktemp("plain")
    known = {kind: made(folder, "plain", kind, "320x180", 0) for kind in ("mpegts", "flv", "matroska")}
    return lambda kind: known[kind]


@pytest.mark.parametrize("kind", ["mpegts", "flv", "matroska"])
@pytest.mark.parametrize("step", [1000, 65_536])
def test_a_stream_that_does_not_change_passes_as_it_is(plain: Callable[[str], bytes], kind: str, step: int) -> None:
    data = plain(kind)
    assert stretches(data, step) == [data]
    assert stretches(data[:-77], step) == [data[:-77]]


@given(data=st.data())
def test_whatever_comes_is_passed_on(plain: Callable[[str], bytes], data: st.DataObject) -> None:
    source = plain(data.draw(st.sampled_from(["mpegts", "flv"])))
    begin = data.draw(st.integers(0, 1000))
    at, flipped = data.draw(st.integers(0, len(source) - 1)), data.draw(st.binary(min_size=1, max_size=400))
    damaged = (source[:at] + flipped + source[at + data.draw(st.integers(0, 400)) :])[begin:]

    found = stretches(damaged, data.draw(st.sampled_from([188, 1000, 4096])))

    assert sum(len(stretch) for stretch in found) >= len(damaged)
    assert found[0] == damaged[: len(found[0])]
