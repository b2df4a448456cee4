"""Sound as senders send it: several frames in one packet, late, in another form under way."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import pytest

from ingest.hls import remux
from ingest.media import mpegts
from ingest.media.units import CLOCK
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, packets, stored
from tests.senders.oracle import Found, holes, live, sent, uploaded

STEREO, SURROUND = "pan=stereo|c0=c0|c1=c0", "pan=5.1|c0=c0|c1=c0|c2=c0|c4=c0|c5=c0"


@pytest.mark.parametrize("rate", [48_000, 44_100, 24_000, 8_000])
@pytest.mark.parametrize("way", ["hls", "post"])
def test_frames_of_one_pes_packet_follow_each_other(way: str, rate: int) -> None:
    data = ffmpeg("a.ts", *PICTURE, *TONE, "-t", "2", *X264, "-bf", "2", *AAC, "-ar", str(rate))

    found = remux.convert(data, 0.0) if way == "hls" else live(data).segments[0].data

    with av.open(io.BytesIO(found), "r", format="mpegts") as container:
        sounds = [packet.pts / CLOCK for packet in container.demux(audio=0) if packet.pts is not None]
    assert len(sounds) >= 2 * rate // 1024 - 2
    assert holes(sorted(sounds)) == pytest.approx(1024 / rate, abs=0.001)
    assert sounds[0] - mpegts.ORIGIN / CLOCK == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("coded", ["flac", "pcm_s16le", "libopus", "libmp3lame"])
@pytest.mark.parametrize("way", [live, uploaded])
def test_sound_that_is_no_aac_keeps_its_times(way: Callable[[bytes], Found], coded: str) -> None:
    """Frames of FLAC begin like a header of AAC."""
    found = way(ffmpeg("a.mkv", *PICTURE, *TONE, "-t", "4", *X264, "-c:a", coded))

    assert found.sounds[-1] == pytest.approx(4, abs=0.1)
    assert holes(found.sounds) < 0.06
    assert found.records.session()["repaired"] == 0


def formed(form: str, rate: int, start: float) -> bytes:
    sound = ("-filter_complex", f"[1:a]{form}[a]", "-map", "0:v", "-map", "[a]")
    coded = ("-bf", "0", *AAC, "-ar", str(rate), "-output_ts_offset", str(start))
    return ffmpeg("a.ts", *PICTURE, *TONE, *sound, "-t", "4", *X264, *coded)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((STEREO, 48_000), (SURROUND, 48_000)),
        ((SURROUND, 48_000), (STEREO, 48_000)),
        ((STEREO, 48_000), (STEREO, 24_000)),
        ((STEREO, 44_100), (STEREO, 48_000)),
    ],
)
def test_sound_that_changes_its_form_begins_a_segment_after_a_discontinuity(
    first: tuple[str, int], second: tuple[str, int]
) -> None:
    found = live(formed(*first, 0) + formed(*second, 4))

    assert found.breaks == [False, False, True, False]
    for number, one in enumerate(found.segments):
        with av.open(io.BytesIO(one.data), "r", format="mpegts") as container:
            forms = {(frame.rate, frame.layout.nb_channels) for frame in container.decode(audio=0)}
        form, rate = first if number < 2 else second
        assert forms == {(rate, 6 if form == SURROUND else 2)}
    assert found.ends == pytest.approx(8, abs=0.1)
    assert holes(found.sounds) < 0.15


def test_a_pushed_segment_has_sound_of_the_form_that_most_of_it_has() -> None:
    """A stale frame of the old form begins it, as where an advertisement ends."""
    stereo, surround = formed(STEREO, 48_000, 0), formed(SURROUND, 48_000, 0)
    stale = [packet for pid, _, packet in packets(stereo) if pid == 0x101]
    stale = stale[: next(at for at, packet in enumerate(stale) if at and packet[1] & 0x40)]  # one PES packet
    tables = surround[: 3 * 188]

    mixed = tables + b"".join(stale) + surround[3 * 188 :]

    with av.open(io.BytesIO(remux.convert(mixed, 0.0)), "r", format="mpegts") as container:
        assert {frame.layout.nb_channels for frame in container.decode(audio=0)} == {6}
    assert remux.measure(mixed).signature == remux.measure(surround).signature
    assert remux.measure(mixed).signature != remux.measure(stereo).signature


def flv_of_two_forms() -> bytes:
    """Stereo, then 5.1 from 4 s on, with its configuration, as where an encoder goes to an advertisement."""
    parts = [
        ffmpeg("a.flv", *PICTURE, *TONE, "-t", "4", *X264, "-bf", "0", *AAC, "-ac", number, "-output_ts_offset", start)
        for number, start in (("2", "0"), ("6", "4.2"))
    ]
    return parts[0] + parts[1][13:]


def mp4_of_two_forms() -> bytes:
    """The same packets, with a second description of the samples."""
    out = io.BytesIO()
    with av.open(io.BytesIO(flv_of_two_forms()), "r") as source, av.open(out, "w", format="mp4") as target:
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream.index]
                target.mux_one(packet)
    return out.getvalue()


@pytest.mark.parametrize(
    ("made", "way"),
    [
        (flv_of_two_forms, live),
        (flv_of_two_forms, uploaded),
        (flv_of_two_forms, lambda data: live(sent(stored(data, "a.flv")))),
        (mp4_of_two_forms, uploaded),
        (mp4_of_two_forms, lambda data: live(sent(stored(data, "a.mp4")))),
    ],
    ids=["flv, post", "flv, file", "flv, sender and relay", "mp4, file", "mp4, sender"],
)
def test_sound_whose_container_says_another_form_begins_a_segment_too(
    made: Callable[[], bytes], way: Callable[[bytes], Found]
) -> None:
    found = way(made())

    assert found.breaks == [False, False, True, False]
    for number, one in enumerate(found.segments):
        with av.open(io.BytesIO(one.data), "r", format="mpegts") as container:
            assert {frame.layout.nb_channels for frame in container.decode(audio=0)} == {2 if number < 2 else 6}
    assert holes(found.sounds) < 0.3
