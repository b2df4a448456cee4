"""Which streams are taken, and when: late sound, several sounds, programmes, a join between two keyframes."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import numpy as np
import pytest

from ingest.media.cut import CutRule
from ingest.media.probe import open_media
from pipeline.domain.errors import UnsupportedMedia
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, only, stored, tags
from tests.senders.oracle import Found, holes, live, sent, uploaded

LOW, HIGH = (("-f", "lavfi", "-i", f"sine={hertz}:r=48000") for hertz in (220, 880))
VIDEO, AUDIO = 0x100, 0x101  # ffmpeg's PIDs
JOINED = 1.4 + 2.0  # s: its clock starts at 1.4


def tone(found: Found) -> int:
    """The frequency of the first segment's sound, in Hz."""
    with av.open(io.BytesIO(found.segments[0].data), "r", format="mpegts") as container:
        rate = container.streams.audio[0].rate
        wave = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]).astype(float)
    return round(float(np.argmax(np.abs(np.fft.rfft(wave * np.hanning(len(wave)))))) * rate / len(wave))


@pytest.mark.parametrize("coded", [AAC, ("-c:a", "mp2"), ("-c:a", "ac3")], ids=["aac", "mp2", "ac3"])
def test_sound_that_was_announced_and_comes_late_is_taken_at_the_next_keyframe(coded: tuple[str, ...]) -> None:
    whole = ffmpeg("a.ts", *PICTURE, *TONE, "-t", "12", *X264, *coded)
    late = only(whole, lambda pid, time: pid != AUDIO or time > 1.4 + 7)

    found = live(late)

    assert found.breaks == [False] * 4 + [True, False]
    assert [bool(one.sounds) for one in found.segments] == [False] * 4 + [True, True]
    assert holes(found.sounds) < 0.1
    assert found.ends == pytest.approx(12, abs=0.1)


def test_sound_of_a_file_may_come_late() -> None:
    whole = ffmpeg("a.ts", *PICTURE, *TONE, "-t", "12", *X264, *AAC)

    found = uploaded(only(whole, lambda pid, time: pid != AUDIO or time > 1.4 + 7))

    assert found.sounds[0] == pytest.approx(7, abs=0.5)
    assert found.sounds[-1] == pytest.approx(12, abs=0.2)


def test_sound_that_never_comes_costs_no_discontinuity() -> None:
    whole = ffmpeg("a.ts", *PICTURE, *TONE, "-t", "12", *X264, *AAC)

    found = live(only(whole, lambda pid, time: pid != AUDIO))

    assert not any(found.breaks)
    assert found.ends == pytest.approx(12, abs=0.1)


def sparse(seconds: int) -> bytes:
    return ffmpeg("a.ts", *PICTURE, "-t", "24", *X264[:-2], "-g", str(25 * seconds), "-keyint_min", str(25 * seconds))


@pytest.mark.parametrize("way", [live, uploaded])
def test_a_stream_joined_between_two_keyframes_waits_for_the_next(way: object) -> None:
    data = only(sparse(10), lambda pid, time: pid != VIDEO or time > JOINED)

    found = way(data)  # type: ignore[operator]

    assert found.ends == pytest.approx(14, abs=0.1)
    assert len(found.pictures) == pytest.approx(350, abs=2)


def test_a_stream_in_which_no_keyframe_comes_is_refused_in_those_words() -> None:
    data = only(sparse(30), lambda pid, time: pid != VIDEO or time > JOINED)

    with pytest.raises(UnsupportedMedia, match=r"no keyframe in the first 1\d\.\d s of video.*keyframe interval"):
        open_media(io.BytesIO(data), CutRule.of(2.0, 12))


@pytest.mark.parametrize("way", [live, uploaded])
def test_the_sound_is_that_of_the_pictures_programme(way: object) -> None:
    inputs = (*LOW, *PICTURE, *HIGH, "-t", "4", "-map", "0:a", "-map", "1:v", "-map", "2:a")
    programmes = ("-program", "title=radio:st=0", "-program", "title=television:st=1:st=2")

    found = way(ffmpeg("a.ts", *inputs, *X264, "-c:a", "mp2", *programmes))  # type: ignore[operator]

    assert tone(found) == pytest.approx(880, abs=2)


@pytest.mark.parametrize("way", [live, uploaded])
@pytest.mark.parametrize("first", [True, False])
def test_the_sound_is_the_default_one(first: bool, way: object) -> None:
    inputs = (*PICTURE, *LOW, *HIGH, "-t", "4", "-map", "0:v", "-map", "1:a", "-map", "2:a")
    flags = ("-disposition:a:0", "default" if first else "0", "-disposition:a:1", "0" if first else "default")

    found = way(ffmpeg("a.mkv", *inputs, *X264, *AAC, *flags))  # type: ignore[operator]

    assert tone(found) == pytest.approx(220 if first else 880, abs=2)


@pytest.mark.parametrize("way", [live, uploaded, lambda data: live(sent(stored(data, "a.mkv")))])
def test_the_sound_is_one_that_can_be_decoded(way: Callable[[bytes], Found]) -> None:
    """Films carry DTS by default, and AAC beside."""
    inputs = (*PICTURE, *LOW, *HIGH, "-t", "4", "-map", "0:v", "-map", "1:a", "-map", "2:a")
    coded = ("-c:a:0", "dca", "-strict", "-2", "-c:a:1", "aac", "-disposition:a:0", "default")

    found = way(ffmpeg("a.mkv", *inputs, *X264, *coded))

    assert tone(found) == pytest.approx(880, abs=2)


@pytest.mark.parametrize("way", [live, uploaded, lambda data: live(sent(stored(data, "a.mkv")))])
def test_the_picture_is_the_default_one(way: Callable[[bytes], Found]) -> None:
    other = ("-f", "lavfi", "-i", "color=red:s=96x96:r=25")
    flags = ("-disposition:v:0", "0", "-disposition:v:1", "default")
    maps = ("-map", "0:v", "-map", "1:v", "-t", "2")

    found = way(ffmpeg("a.mkv", *other, *PICTURE, *maps, *X264, *flags))

    assert (found.records.session()["width"], found.records.session()["height"]) == (192, 108)


def flv(*options: str) -> bytes:
    return ffmpeg("a.flv", *PICTURE, *TONE, "-t", "6", *X264, *AAC, *options)


def tag(kind: int, time: int, body: bytes) -> bytes:
    head = bytes([kind]) + len(body).to_bytes(3) + (time & 0xFFFFFF).to_bytes(3) + bytes([time >> 24]) + bytes(3)
    return head + body + (len(body) + 11).to_bytes(4)


def time_of(one: bytes) -> int:
    return int.from_bytes(one[4:7]) | one[7] << 24


def test_a_second_sound_in_flv_is_left_alone() -> None:
    data, second = flv(), ffmpeg("b.flv", *HIGH, "-t", "6", *AAC)
    # Enhanced RTMP: an extended header, packet type 5 (one track for each tag), codec mp4a, track 1.
    others = [
        tag(8, time_of(one), bytes([0x95, min(one[12], 1)]) + b"mp4a\x01" + one[13:-4])
        for one in tags(second)
        if one[0] == 8
    ]
    first = list(tags(data))
    setup = next(number for number, one in enumerate(first) if one[0] == 8)
    rest = sorted([*first[setup + 1 :], *others[1:]], key=time_of)

    found = live(data[:13] + b"".join([*first[: setup + 1], others[0], *rest]))

    assert found.breaks == [False] * 3
    assert tone(found) == pytest.approx(440, abs=2)
    assert holes(found.sounds) < 0.1


def test_a_second_header_in_flv_starts_over() -> None:
    found = live(flv() + flv())

    assert found.breaks == [False] * 3 + [True, False, False]
    assert found.ends == pytest.approx(12, abs=0.2)
    assert found.records.states()[-1] == "ended"


@pytest.mark.parametrize("early", [80, 160])
def test_pictures_of_flv_that_are_shown_before_they_are_decoded_keep_their_order(early: int) -> None:
    data = bytearray(flv("-bf", "2"))
    at = 13
    for one in list(tags(bytes(data))):
        if one[0] == 9 and one[12] == 1:
            shown = int.from_bytes(one[13:16], signed=True) - early
            data[at + 13 : at + 16] = shown.to_bytes(3, signed=True)
        at += len(one)

    found = live(bytes(data))

    steps = np.diff(sorted(found.pictures))
    assert len(found.pictures) == 150
    assert np.abs(steps - 0.04).max() < 0.002


@pytest.mark.parametrize(
    ("brand", "said"), [("avif", "AVIF"), ("avis", "AVIF"), ("heic", "HEIC"), ("mif1", "HEIC"), ("crx ", "raw picture")]
)
@pytest.mark.parametrize("way", [live, uploaded])
def test_a_still_picture_in_boxes_is_no_video(way: object, brand: str, said: str) -> None:
    boxes = (24).to_bytes(4) + b"ftyp" + brand.encode() + bytes(4) + b"mif1miaf" + bytes(400)

    with pytest.raises(UnsupportedMedia, match=f"found an? .*{said}.*not a video"):
        way(boxes)  # type: ignore[operator]


def test_an_index_that_holds_a_still_picture_beside_a_video_is_a_video() -> None:
    assert uploaded(
        ffmpeg("a.mp4", "-i", stored(flv(), "a.flv"), "-c", "copy", "-brand", "mp42")
    ).ends == pytest.approx(6)
