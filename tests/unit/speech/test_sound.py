"""The sound of segments, found where it was made."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from tests.unit.ingest.clips import make_clip
from tests.unit.sampling.clips import audio_only, segment, still
from tests.unit.speech.spoken import beeps, clip, segments

from pipeline.domain.errors import Poison
from pipeline.speech.sound import Samples, is_silent, sound
from pipeline.speech.sound import _resampled as resampled
from pipeline.speech.sound_store import RATE

NEAR = 0.012  # seconds: a window of AAC blurs so much


def loud(samples: Samples) -> list[tuple[float, float]]:
    """From when to when it sounds, s; pauses shorter than 20 ms aside."""
    level = np.abs(samples.astype(np.int32)) > 2000
    at = np.flatnonzero(level)
    if not at.size:
        return []
    breaks = np.flatnonzero(np.diff(at) > RATE * 0.02)
    first, last = at[np.append(0, breaks + 1)], at[np.append(breaks, at.size - 1)]
    return [(a / RATE, b / RATE) for a, b in zip(first, last, strict=True)]


def starts(samples: Samples | None) -> list[float]:
    assert samples is not None
    return [start for start, _ in loud(samples)]


@pytest.mark.parametrize(("rate", "layout"), [(48_000, "stereo"), (44_100, "mono"), (16_000, "stereo")])
def test_what_sounds_in_a_segment_sounds_there(tmp_path: Path, rate: int, layout: str) -> None:
    path = clip(tmp_path / "c.ts", beeps(6, 0.5, 2.7, 5.2, rate=rate), rate=rate, layout=layout)
    found = [sound(data, one.duration) for one, data in segments(path)]
    assert [samples.size for samples in found if samples is not None] == [2 * RATE] * 3
    assert [starts(samples) for samples in found] == [
        [pytest.approx(at, abs=NEAR)] for at in (0.5, 0.7, 1.2)
    ]  # fmt: skip


def test_the_end_of_the_segment_before_is_heard_in_one_piece_with_it(tmp_path: Path) -> None:
    path = clip(tmp_path / "c.ts", beeps(4, 0.5, 1.5, 1.95, 3.0))
    (_, before), (one, data) = segments(path)
    samples = sound(data, one.duration, before, lead=1.0)
    assert samples is not None
    assert samples.size == 3 * RATE
    assert starts(samples) == [pytest.approx(at, abs=NEAR) for at in (0.5, 0.95, 2.0)]
    [across] = [end - start for start, end in loud(samples) if start < 1 < end]
    assert across == pytest.approx(0.1, abs=2 * NEAR)  # the tone that lies across both is one tone


def test_a_clock_that_begins_anew_between_two_segments_changes_nothing(tmp_path: Path) -> None:
    path = clip(tmp_path / "c.ts", beeps(4, 1.5, 3.0))
    (_, before), (one, data) = segments(path)
    expected = starts(sound(data, one.duration, before, lead=1.0))
    assert expected == [pytest.approx(at, abs=NEAR) for at in (0.5, 2.0)]
    ticks = (1 << 33) - 12 * 90_000  # the second of them begins at 12 s
    assert starts(sound(_moved(data, ticks), one.duration, _moved(before, ticks), lead=1.0)) == expected


def test_without_sound_there_is_none(tmp_path: Path) -> None:
    assert sound(segment(still(1, 25)), 1.0) is None
    made = make_clip(tmp_path / "mute.ts", seconds=2, audio=None)
    [(one, data)] = segments(made.path)
    assert sound(data, one.duration) is None


@pytest.mark.parametrize("data", [b"no video at all", b"", audio_only()])
def test_what_is_no_segment_is_refused(data: bytes) -> None:
    with pytest.raises(Poison):
        sound(data, 2.0)


def test_a_damaged_segment_costs_what_is_damaged(tmp_path: Path) -> None:
    [(one, data)] = segments(clip(tmp_path / "c.ts", beeps(2, 0.3, 1.6)))
    middle = len(data) // 2 // 188 * 188
    damaged = data[:middle] + bytes(188 * 3) + data[middle + 188 * 3 :]
    assert starts(sound(damaged, one.duration))[0] == pytest.approx(0.3, abs=NEAR)


def test_what_no_sound_is_costs_itself_only() -> None:
    """A packet that was damaged so that it decodes to channels without known places."""
    frames: list[av.AudioFrame] = []
    for at, layout in enumerate(("stereo", "42C", "stereo")):
        frame = av.AudioFrame("fltp", layout, 1024)
        frame.rate, frame.pts, frame.time_base = 48_000, at * 1024, Fraction(1, 48_000)
        frames.append(frame)
    heard = [at for at, samples in resampled(iter(frames)) if samples.size]
    assert heard == [0.0, pytest.approx(2 * 1024 / 48_000, abs=1e-4)]


def test_a_duration_that_is_not_true_costs_no_memory(tmp_path: Path) -> None:
    [(_, data)] = segments(clip(tmp_path / "c.ts", beeps(2, 1.5)))
    shorter = sound(data, 1.0)
    assert shorter is not None
    assert shorter.size == RATE
    assert is_silent(shorter)


def test_silence_is_what_nobody_can_hear() -> None:
    assert is_silent(np.zeros(100, np.int16))
    assert is_silent(np.full(100, 20, np.int16))
    assert not is_silent(np.array([0, -32768], np.int16))
    assert is_silent(np.zeros(0, np.int16))


def _moved(data: bytes, ticks: int) -> bytes:
    """The segment with all of its times moved on."""
    moved = io.BytesIO()
    with (
        av.open(io.BytesIO(data), "r", format="mpegts") as source,
        av.open(moved, "w", format="mpegts", options={"mpegts_copyts": "1"}) as target,
    ):
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size and packet.pts is not None and packet.dts is not None:
                packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
                packet.stream = streams[packet.stream.index]
                target.mux_one(packet)
    return moved.getvalue()
