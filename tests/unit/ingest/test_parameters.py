"""Every keyframe carries its parameter sets, whatever the sender repeats."""

from __future__ import annotations

import io
import re
from pathlib import Path

import av
import pytest
from tests.unit.ingest.clips import make_clip, numbers
from tests.unit.ingest.world import publish

from ingest.media.h264 import ParameterSets

AUD, SPS, PPS, IDR = (b"\0\0\0\1" + body for body in (b"\x09\xf0", b"\x67\x64\x00\x1f", b"\x68\xee", b"\x65\x88\x84"))


@pytest.mark.parametrize(
    ("extradata", "picture", "complete"),
    [
        (None, SPS + PPS + IDR, SPS + PPS + IDR),
        (SPS + PPS, IDR, SPS + PPS + IDR),
        (SPS + PPS, AUD + IDR, AUD + SPS + PPS + IDR),
        (SPS + PPS, AUD + SPS + IDR, AUD + SPS + PPS + SPS + IDR),
        (SPS + PPS, b"\xff\xff" + IDR, SPS + PPS + IDR),
        (SPS + PPS, b"damage" + AUD + SPS + PPS + IDR, AUD + SPS + PPS + IDR),
        (SPS, IDR, None),
        (None, PPS + IDR, None),
    ],
)
def test_a_keyframe_gets_what_it_lacks(extradata: bytes | None, picture: bytes, complete: bytes | None) -> None:
    assert ParameterSets(extradata).complete(picture) == complete


def test_the_latest_parameter_sets_count() -> None:
    sets, newer = ParameterSets(SPS + PPS), SPS + b"\x99"

    assert sets.complete(newer + PPS + IDR) == newer + PPS + IDR
    assert sets.complete(IDR) == newer + PPS + IDR


def sent_once(source: Path) -> bytes:
    """The clip as a sender has it that sends its parameter sets only once."""
    out = io.BytesIO()
    with av.open(str(source)) as clip, av.open(out, "w", format="mpegts") as target:
        stream = target.add_stream_from_template(clip.streams.video[0])
        for number, packet in enumerate(clip.demux(video=0)):
            if packet.size:
                data = bytes(packet)
                later = av.Packet(
                    re.sub(rb"\x00?\x00\x00\x01[\x67\x68].*?(?=\x00\x00\x01|\x00\x00\x00\x01)", b"", data, flags=re.S)
                )
                later.pts, later.dts, later.time_base = packet.pts, packet.dts, packet.time_base
                later.is_keyframe = packet.is_keyframe
                kept = packet if number == 0 else later
                kept.stream = stream
                target.mux_one(kept)
    return out.getvalue()


def test_a_sender_that_sends_them_once_gets_segments_that_play_alone(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.ts", seconds=6, audio=None)

    published = publish(sent_once(clip.path))

    shown = [numbers(data) for _, data in published.storage.segments]
    assert [len(each) for each in shown] == [50, 50, 50]
    assert [number for each in shown for number in each] == list(range(clip.pictures))
