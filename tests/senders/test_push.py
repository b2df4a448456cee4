"""What the sender sends: recordings of Matroska, edit lists, sources without an end."""

from __future__ import annotations

import io

import av
import pytest

from sender.remux import remuxed
from sender.source import Source, open_source, packets
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, stored
from tests.senders.oracle import live


def sent(data: bytes, name: str, *, again: bool = False, seconds: float | None = None) -> bytes:
    source = Source(stored(data, name), again=again)
    return b"".join(chunk.data for chunk in remuxed(packets(source, open_source(source)), seconds))


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.flv", "a.ts"])
def test_all_pictures_are_sent(name: str) -> None:
    data = ffmpeg(name, *PICTURE, *TONE, "-t", "4", *X264, "-bf", "2", *AAC)

    found = live(sent(data, name))

    assert len(found.pictures) == pytest.approx(100, abs=1)
    assert found.ends == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_each_round_of_a_recording_is_whole(name: str) -> None:
    data = ffmpeg(name, *PICTURE, "-t", "2", *X264, "-bf", "2")

    body = sent(data, name, again=True, seconds=6)

    with av.open(io.BytesIO(body), format="mpegts") as container:
        assert sum(1 for _ in container.decode(video=0)) >= 148


def test_what_an_edit_list_cuts_away_is_not_sent() -> None:
    whole = ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "8", *X264, "-bf", "2", *AAC)
    trimmed = ffmpeg("b.mp4", "-ss", "3.4", "-i", stored(whole, "a.mp4"), "-c", "copy")

    found = live(sent(trimmed, "b.mp4"))

    assert found.ends == pytest.approx(4, abs=0.1)


def test_the_sound_of_the_pictures_programme_is_sent() -> None:
    low, high = (("-f", "lavfi", "-i", f"sine={hertz}:r=48000") for hertz in (220, 880))
    inputs = (*low, *PICTURE, *high, "-t", "2", "-map", "0:a", "-map", "1:v", "-map", "2:a")
    programmes = ("-program", "title=radio:st=0", "-program", "title=television:st=1:st=2")
    data = ffmpeg("a.ts", *inputs, *X264, "-c:a", "mp2", *programmes)

    source = Source(stored(data, "a.ts"))
    container = open_source(source)
    wanted = {container.streams.video[0].index, container.streams.audio[1].index}

    assert {one.packet.stream.index for one in packets(source, container)} == wanted
