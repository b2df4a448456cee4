"""What the sender sends: recordings of Matroska, edit lists, sources without an end."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any, cast

import av
import pytest

from rtmp.forward import Forwarder
from sender.broadcast import LiveSender, send_live
from sender.errors import SendError
from sender.source import Source, Timed, open_source, packets
from sender.websocket import Connection
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, stored
from tests.senders.oracle import live, sent


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.flv", "a.ts"])
def test_all_pictures_are_sent(name: str) -> None:
    data = ffmpeg(name, *PICTURE, *TONE, "-t", "4", *X264, "-bf", "2", *AAC)

    found = live(sent(stored(data, name)))

    assert len(found.pictures) == pytest.approx(100, abs=1)
    assert found.ends == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("name", ["Interview: part 1.mp4", "12:30.mp4", "http:a.mp4", "-i %03d.mp4", "été.mp4"])
def test_a_file_may_have_any_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).write_bytes(ffmpeg("a.mp4", *PICTURE, "-t", "1", *X264))
    monkeypatch.chdir(tmp_path)

    assert sent(name).startswith(b"\x47")


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_each_round_of_a_recording_is_whole(name: str) -> None:
    data = ffmpeg(name, *PICTURE, "-t", "2", *X264, "-bf", "2")

    body = sent(stored(data, name), again=True, seconds=6)

    with av.open(io.BytesIO(body), "r", format="mpegts") as container:
        assert sum(1 for _ in container.decode(video=0)) >= 148


def test_what_an_edit_list_cuts_away_is_not_sent() -> None:
    whole = ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "8", *X264, "-bf", "2", *AAC)
    trimmed = ffmpeg("b.mp4", "-ss", "3.4", "-i", stored(whole, "a.mp4"), "-c", "copy")

    found = live(sent(stored(trimmed, "b.mp4")))

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


class Sent:
    """A sender that notes the times of what it is fed."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.ended = False

    def feed(self, one: Timed) -> None:
        self.times.append(one.at)

    def end(self) -> dict[str, Any]:
        self.ended = True
        return {}


def test_a_source_without_an_end_is_sent_for_as_long_as_was_asked() -> None:
    source = Source("testsrc2=s=192x108:r=25", format="lavfi")
    sender = Sent()

    send_live(packets(source, open_source(source)), cast(LiveSender, sender), threading.Event(), until=2)

    assert sender.ended
    assert len(sender.times) == 50
    assert max(sender.times) < 2


class Connected:
    """A connection to ingest that notes how it ended."""

    renew = False

    def __init__(self) -> None:
        self.said = list[str]()

    def fail(self, detail: str) -> None:
        self.said.append(detail)

    def leave(self) -> None:
        self.said.append("left")


def test_an_rtmp_encoder_without_pictures_is_told_so() -> None:
    sound = stored(ffmpeg("a.flv", *TONE, "-t", "2", *AAC), "a.flv")
    connection, failures = Connected(), list[SendError]()
    forwarder = Forwarder("cam", sound, lambda: cast(Connection, connection), failures.append)

    forwarder.start()
    forwarder.join(30)

    assert connection.said == ["the encoder sends aac sound and no video; a video stream is needed"]
    assert [str(failure) for failure in failures] == connection.said
