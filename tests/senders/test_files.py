"""Files of cameras, telephones and recorders: sparse pictures, open GOPs, edit lists, tracks that are longer."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from ingest.media import segmenter, source
from ingest.media.transcode.video import Stills
from ingest.media.units import CLOCK
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, stored
from tests.senders.oracle import holes, live, uploaded

STILL = ("-vf", "select='lt(t,2)+gte(t,{})'", "-vsync", "vfr")


def still(name: str, until: int, *sound: str) -> bytes:
    """Two seconds of pictures, none until second `until`, and four seconds more."""
    pause = [part.format(until) for part in STILL]
    return ffmpeg(name, *PICTURE, *sound, "-t", str(until + 4), *pause, *X264, "-bf", "2", *AAC)


@pytest.mark.parametrize("sound", [(), TONE], ids=["mute", "sound"])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
@pytest.mark.parametrize("until", [8, 20])
def test_a_screen_on_which_nothing_moves_is_shown_for_as_long_as_it_was_still(
    name: str, until: int, sound: tuple[str, ...]
) -> None:
    found = uploaded(still(name, until, *sound))

    assert found.ends == pytest.approx(until + 4, abs=0.2)
    assert found.pictures[-1] == pytest.approx(until + 4 - 0.04, abs=0.05)
    assert all(one.segment.duration < 12.5 for one in found.segments)
    later = [one.segment.media_time for one in found.segments]
    ends = [one.segment.media_time + one.segment.duration for one in found.segments]
    assert later[1:] == pytest.approx(ends[:-1], abs=0.001)
    if sound:
        assert holes(found.sounds) < 0.1
        assert found.sounds[-1] == pytest.approx(until + 4, abs=0.2)


def test_a_shared_screen_on_which_nothing_moves_is_shown_with_its_sound() -> None:
    """As browsers record it: VP8, and no picture while nothing changes."""
    pause = [part.format(20) for part in STILL]
    coded = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")

    found = live(ffmpeg("a.webm", *PICTURE, *TONE, "-t", "24", *pause, *coded))

    assert not any(found.breaks)
    assert found.ends == pytest.approx(24, abs=0.1)
    assert holes(found.sounds) < 0.1
    assert holes(found.pictures) < 2.1


def test_a_picture_in_ten_seconds_lasts_ten_seconds() -> None:
    sparse = ("-f", "lavfi", "-i", "testsrc2=s=192x108:r=0.1", "-t", "40", "-c:v", "libx264", "-g", "1")

    found = uploaded(ffmpeg("a.mp4", *sparse))

    assert found.ends == pytest.approx(40)
    assert found.pictures == [0, 10, 20, 30]


OPEN = ("-c:v", "libx264", "-x264-params", "open-gop=1:keyint=50:min-keyint=50:scenecut=0:bframes=2")
REFRESH = ("-c:v", "libx264", "-preset", "veryfast", "-x264-params", "intra-refresh=1:keyint=50:bframes=0")
SINGLE = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "1000", "-keyint_min", "1000", "-sc_threshold", "0")


@pytest.mark.parametrize("coded", [OPEN, REFRESH, SINGLE], ids=["open", "refresh", "single"])
@pytest.mark.parametrize("name", ["a.mp4", "a.ts", "a.mkv"])
def test_pictures_that_no_player_can_begin_at_are_transcoded(name: str, coded: tuple[str, ...]) -> None:
    found = uploaded(ffmpeg(name, *PICTURE, *TONE, "-t", "14", *coded, *AAC))

    assert found.ends == pytest.approx(14, abs=0.1)
    assert len(found.pictures) == pytest.approx(350, abs=2)
    assert len(found.segments) == 7


def test_what_can_be_copied_before_is_copied() -> None:
    good = ffmpeg("a.ts", *PICTURE, "-t", "4", *X264)
    bad = ffmpeg("a.ts", *PICTURE, "-t", "14", *SINGLE, "-output_ts_offset", "4")

    found = uploaded(good + bad)

    assert found.ends == pytest.approx(18, abs=0.1)
    assert found.breaks[:3] == [False, False, True]


@pytest.mark.parametrize("start", [2, 3.4])
def test_what_an_edit_list_cuts_away_is_not_shown(start: float) -> None:
    whole = ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "8", *X264, "-bf", "2", *AAC)
    trimmed = ffmpeg("b.mp4", "-ss", str(start), "-i", stored(whole, "a.mp4"), "-c", "copy")

    found = uploaded(trimmed)

    assert found.ends == pytest.approx(8 - start, abs=0.1)
    assert len(found.pictures) == pytest.approx((8 - start) * 25, abs=2)
    assert holes(found.sounds) < 0.1


def test_another_track_that_ends_later_is_no_missing_end() -> None:
    lines = stored(b"1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n2\n00:00:12,000 --> 00:00:20,000\nlast\n", "a.srt")
    picture = ffmpeg("a.mkv", *PICTURE, *TONE, "-t", "6", *X264, *AAC)
    longer = ffmpeg("b.mkv", *TONE, "-t", "14", *AAC)
    both = ("-map", "0", "-map", "1", "-c", "copy")

    subtitled = ffmpeg("c.mkv", "-i", stored(picture, "a.mkv"), "-i", lines, *both, "-c:s", "srt")
    sounding = ffmpeg("c.mkv", "-i", stored(picture, "a.mkv"), "-i", stored(longer, "b.mkv"), *both)

    for data in (subtitled, sounding):
        assert uploaded(data).ends == pytest.approx(6, abs=0.1)


def one_picture(name: str, seconds: float) -> bytes:
    """A song under a single picture."""
    picture = stored(ffmpeg("a.mp4", *PICTURE, "-frames:v", "1", *X264), "a.mp4")
    song = stored(ffmpeg("a.m4a", *TONE, "-t", str(seconds), *AAC), "a.m4a")
    return ffmpeg(name, "-i", picture, "-i", song, "-map", "0:v", "-map", "1:a", "-c", "copy")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_the_last_picture_is_shown_while_the_sound_goes_on(name: str) -> None:
    alone = () if name == "a.ts" else ((one_picture(name, 10), 10),)  # there a picture ends with the next one
    for data, seconds in (*alone, (outlasting(name), 30)):
        found = uploaded(data)

        assert found.ends == pytest.approx(seconds, abs=0.15)
        assert holes(found.pictures) < 2.1
        assert holes(found.sounds) < 0.1
        assert found.sounds[-1] == pytest.approx(seconds, abs=0.15)
        assert all(one.segment.duration < 4.5 for one in found.segments)
        assert all(sound < one.segment.media_time + 4.7 for one in found.segments for sound in one.sounds)


def outlasting(name: str) -> bytes:
    picture, sound = stored(ffmpeg("p.ts", *PICTURE, "-t", "4", *X264, "-bf", "2"), "p.ts"), (*TONE, "-t", "30")
    return ffmpeg(name, "-i", picture, *sound, "-map", "0:v", "-map", "1:a", "-c:v", "copy", *AAC)


def test_a_little_more_sound_than_pictures_adds_none() -> None:
    coded = ("-c:v", "mpeg2video", "-t", "4.2")
    sound, cut = ("-f", "lavfi", "-i", "sine=440:r=48000:d=4.2"), ("-vf", "trim=end=4")

    assert len(uploaded(ffmpeg("a.mkv", *PICTURE, *sound, *cut, *coded, *AAC)).pictures) == 100


@pytest.mark.parametrize("coded", [X264, ("-c:v", "libx265", "-x265-params", "log-level=error")], ids=["h264", "hevc"])
def test_pictures_keep_the_times_that_a_telephone_gave_them(coded: tuple[str, ...]) -> None:
    uneven = ("-vf", "settb=1/90000,setpts='PTS+900*sin(N*1.7)'", "-vsync", "passthrough", "-enc_time_base", "1/90000")
    clock = ("-video_track_timescale", "90000")
    data = ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "4", *uneven, *coded, *AAC, *clock)
    with av.open(io.BytesIO(data), "r") as container:
        given = sorted(float(one.pts * one.time_base) for one in container.demux(video=0) if one.pts is not None)

    shown = uploaded(data).pictures

    assert len(set(np.diff(given).round(4))) > 10
    assert np.diff(shown) == pytest.approx(np.diff(given), abs=0.0001)


def test_a_podcast_under_one_picture_is_cut_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sound waits for no picture longer than its memory allows."""
    monkeypatch.setattr(source, "_MAX_BEHIND_IN_FILE", 8 * CLOCK)
    monkeypatch.setattr(segmenter, "_MAX_STILL", 12 * CLOCK)

    found = uploaded(one_picture("a.mp4", 60))

    assert found.ends == pytest.approx(60, abs=0.15)
    assert len(found.segments) == 30
    assert holes(found.sounds) < 0.1


def test_a_file_that_was_cut_out_of_a_longer_one_is_not_cut_off() -> None:
    """Its times, and the length that its Matroska says, go on from those of the longer one."""
    data = ffmpeg("a.mkv", *PICTURE, *TONE, "-t", "4", *X264, *AAC, "-output_ts_offset", "3600")

    assert uploaded(data).ends == pytest.approx(4, abs=0.1)


def test_a_small_file_of_distant_times_does_not_become_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stills.__init__, "__defaults__", (40,))
    distant = ("-f", "lavfi", "-i", "testsrc2=s=192x108:r=1/100", "-t", "1000", "-c:v", "libx264", "-g", "1")

    found = uploaded(ffmpeg("a.mp4", *distant))

    assert len(found.pictures) == 50
    assert found.segments[-1].segment.media_time == 900
