"""Sending over WebSockets: every picture arrives, whatever becomes of the connections."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from tests.unit.ingest.clips import FPS, Clip, make_clip, numbers
from tests.unit.sender.wsserver import KEY, Ingest, Leg, listening

from sender import Push
from sender.broadcast import LiveSender
from sender.dial import Dial
from sender.errors import BadRequest, Conflict, Unauthorized, Unavailable, UnsupportedMedia, UsedUp
from sender.source import Source, open_source, packets
from sender.websocket import Connection, address

_GOP = 10  # pictures


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Two seconds in five groups of ten pictures, none of which is reordered."""
    path = tmp_path_factory.mktemp("push") / "clip.mp4"
    return make_clip(path, seconds=2, gop=_GOP / FPS, audio=None, options={"bf": "0"})


def push(clip: Clip, ingest: Ingest, key: str = KEY, **options: object) -> Push:
    made = Push(str(clip.path), ingest.url, key, websocket=True, **options)  # type: ignore[arg-type]
    made.start()
    return made


def pictures(leg: Leg) -> list[int]:
    return numbers(bytes(leg.data))


def test_a_file_arrives_whole_and_ingest_has_the_last_word(ingest: Ingest, clip: Clip) -> None:
    assert push(clip, ingest).join(60) == {"session": "s", "segments": 1}
    assert [pictures(leg) for leg in ingest.legs] == [[*range(clip.pictures)]]
    assert ingest.legs[0].hello == {"key": KEY, "origin": "websocket"}


def test_a_file_goes_on_from_what_was_stored(ingest: Ingest, clip: Clip) -> None:
    def hear(leg: Leg) -> None:
        if len(ingest.legs) == 1 and len(pictures(leg)) > 2.5 * _GOP:
            leg.say(type="stored", session="s", segments=2, media_seconds=99.0, taken_seconds=2 * _GOP / FPS)
            leg.socket.socket.close()

    ingest.hear = hear
    notes: list[str] = []
    push(clip, ingest, on_note=notes.append).join(60)
    assert pictures(ingest.legs[-1]) == [*range(2 * _GOP, clip.pictures)]


def test_an_asked_for_reconnect_neither_loses_nor_repeats_a_picture(ingest: Ingest, clip: Clip) -> None:
    asked = threading.Event()

    def hear(leg: Leg) -> None:
        if not asked.is_set() and len(pictures(leg)) > 12:
            asked.set()
            leg.say(type="reconnect")

    ingest.hear = hear
    push(clip, ingest).join(60)
    first, second = ingest.legs
    assert first.ended is None
    assert pictures(first) + pictures(second) == [*range(clip.pictures)]
    assert len(pictures(second)) % _GOP == 0


def test_a_looped_file_goes_on_in_the_round_that_it_was_in(clip: Clip) -> None:
    source = Source(str(clip.path), again=True)
    position = 2.0 + 2 * _GOP / FPS
    found = itertools.islice(packets(source, open_source(source), position), 3 * _GOP + 1)
    times = [round(one.at, 2) for one in found]
    assert times[0] == pytest.approx(position)
    assert times[-1] == pytest.approx(4.0)


def test_a_wrong_key_ends_it_at_once_and_is_in_no_message(ingest: Ingest, clip: Clip) -> None:
    with pytest.raises(Unauthorized, match="missing or wrong") as caught:
        push(clip, ingest, key="hush-hush").join(60)
    assert "hush-hush" not in str(caught.value)
    assert len(ingest.legs) == 1


def test_a_stream_that_somebody_else_holds_is_said_so_at_once(ingest: Ingest, clip: Clip) -> None:
    ingest.greet = lambda leg: leg.refuse(409, "held by a sender at 10.0.0.7")
    with pytest.raises(Conflict, match=r"held by a sender at 10\.0\.0\.7"):
        push(clip, ingest).join(60)
    assert len(ingest.legs) == 1


def test_ones_own_lost_connection_is_waited_for(ingest: Ingest, clip: Clip) -> None:
    def greet(leg: Leg) -> None:
        if len(ingest.legs) == 2:
            leg.refuse(409, "held by a sender at 127.0.0.1")

    def hear(leg: Leg) -> None:
        if len(ingest.legs) == 1:
            leg.socket.socket.close()

    ingest.greet, ingest.hear = greet, hear
    notes: list[str] = []
    push(clip, ingest, on_note=notes.append).join(60)
    assert len(ingest.legs) == 3
    assert pictures(ingest.legs[2]) == [*range(clip.pictures)]
    assert any("held by" in note for note in notes)


def test_a_refusal_on_the_way_is_final(ingest: Ingest, clip: Clip) -> None:
    ingest.hear = lambda leg: leg.refuse(415, "found no keyframe")
    with pytest.raises(UnsupportedMedia, match="found no keyframe"):
        push(clip, ingest).join(60)
    assert len(ingest.legs) == 1


def test_a_quota_that_is_used_up_is_final_for_it_lasts_until_the_next_day(ingest: Ingest, clip: Clip) -> None:
    def used_up(leg: Leg) -> None:
        leg.say(type="error", status=429, title="Quota used up", detail="its 2 hours of media a day are used up")
        leg.socket.close(4429)

    ingest.hear = used_up
    with pytest.raises(UsedUp, match="its 2 hours of media a day are used up"):
        push(clip, ingest).join(60)
    assert len(ingest.legs) == 1


def test_a_stop_is_a_clean_end(ingest: Ingest, clip: Clip) -> None:
    begun = threading.Event()
    made = push(clip, ingest, loop=True, on_progress=lambda _: begun.set())
    assert begun.wait(60)
    made.stop()
    assert made.join(60)["session"] == "s"
    assert ingest.legs[0].ended == "end"


def test_nobody_at_the_address_is_told_at_once(clip: Clip) -> None:
    made = Push(str(clip.path), "http://127.0.0.1:1/streams/demo", KEY, websocket=True)
    made.start()
    with pytest.raises(Unavailable, match="nothing answers at"):
        made.join(60)


def test_a_live_source_goes_on_from_a_keyframe_and_never_piles_up(ingest: Ingest, clip: Clip) -> None:
    """A source that does not wait: while there is no connection its pictures are lost, and only those."""
    stop = threading.Event()

    def connect() -> Connection:
        return Connection(ingest.url, KEY, "rtmp")

    dial = Dial(connect, stop=stop, note=lambda _: None)
    sender = LiveSender(dial, connect(), lambda _: None)
    source = Source(str(clip.path), again=True)
    for one in packets(source, open_source(source)):
        if one.at > 1.0 and len(ingest.legs) == 1:
            ingest.legs[0].socket.socket.close()
        sender.feed(one)
        if len(ingest.legs) == 2 and len(ingest.legs[1].data) > 20_000:
            break
    sender.end()
    again = pictures(ingest.legs[1])
    assert again[0] % _GOP == 0
    assert ingest.legs[1].ended == "end"


def test_a_camera_s_raw_pictures_are_encoded_on_the_way(ingest: Ingest) -> None:
    camera = Source("testsrc2=size=320x180:rate=25:duration=3,realtime", format="lavfi")
    made = Push(camera, ingest.url, KEY, websocket=True)
    made.start()
    made.join(60)
    with av.open(io.BytesIO(bytes(ingest.legs[0].data)), "r") as sent:
        assert sent.streams.video[0].codec_context.name == "h264"
        keyframes = [p.pts * p.time_base for p in sent.demux(video=0) if p.size and p.is_keyframe]
    assert [round(float(at - keyframes[0]), 1) for at in keyframes] == [0.0, 2.0]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://host/streams/a", "ws://host/streams/a/live"),
        ("https://host/streams/a/", "wss://host/streams/a/live"),
        ("wss://host:8443/streams/a/live?key=x", "wss://host:8443/streams/a/live"),
    ],
)
def test_every_address_that_people_have_is_understood(given: str, meant: str) -> None:
    assert address(given) == meant


def test_an_address_that_is_none_is_explained() -> None:
    with pytest.raises(BadRequest, match="expected http"):
        address("rtmp://host/live")


def test_a_file_that_is_none_troubles_nobody(ingest: Ingest, tmp_path: Path) -> None:
    made = Push(str(tmp_path / "none.mp4"), ingest.url, KEY, websocket=True)
    made.start()
    with pytest.raises(UnsupportedMedia, match=r"none\.mp4"):
        made.join(60)
    assert ingest.legs == []
