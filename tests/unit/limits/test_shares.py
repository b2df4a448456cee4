"""The share of an instance's memory that one sender takes: bounded, however it sends."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from av.packet import Packet
from tests.unit.ingest.world import STARTED
from tests.wait import until

from ingest.hls.listing import parse
from ingest.http import body_memory
from ingest.http.body import Body
from ingest.media.cut import CutRule
from ingest.media.segmenter import Piece, Segmenter
from ingest.media.units import CLOCK, Unit
from ingest.session.bit_rate import BitRate
from ingest.session.publisher import Publisher
from pipeline.domain.errors import BadRequest, Busy, UnsupportedMedia
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist

_MIB = 1 << 20


def unit(seconds: float, size: int, *, video: bool = True) -> Unit:
    at = round(seconds * CLOCK)
    return Unit(Packet(size), video, at, at, CLOCK // 2, key=video)


def segmenter(*, sound: bool = True) -> Segmenter:
    return Segmenter(CutRule.of(2.0, 12), sound=sound, clock=lambda: STARTED)


def pushed(cutter: Segmenter, units: list[Unit]) -> Iterator[Piece]:
    for one in units:
        yield from cutter.push(one)


def test_pieces_that_wait_for_sound_take_no_more_than_32_mib() -> None:
    pictures = [unit(number, 12 * _MIB) for number in range(5)]
    assert len(list(pushed(segmenter(), pictures))) >= 1


def test_small_pieces_wait_for_their_sound() -> None:
    pictures = [unit(number, 1000) for number in range(5)]
    assert list(pushed(segmenter(), pictures)) == []


def test_a_piece_of_more_than_32_mib_is_refused() -> None:
    pictures = [unit(0, 20 * _MIB), *(unit(number / 10, 7 * _MIB, video=True) for number in range(1, 4))]
    for picture in pictures[1:]:
        picture.key = False
    with pytest.raises(UnsupportedMedia, match="found no keyframe to cut at"):
        list(pushed(segmenter(), pictures))


def test_sound_before_the_first_picture_takes_no_more_than_4_mib() -> None:
    cutter = segmenter()
    assert list(pushed(cutter, [unit(number / 100, _MIB, video=False) for number in range(20)])) == []
    [piece] = [*pushed(cutter, [unit(0, 1000)]), *cutter.flush()]
    assert sum(one.packet.size for one in piece.units if not one.video) <= 4 * _MIB


def test_a_new_format_whose_time_lies_before_its_piece_begins_no_piece() -> None:
    """`make fuzz`: the pts of a keyframe was damaged, and the piece before it would have had a negative length."""
    cutter = segmenter(sound=False)
    pictures = [unit(4, 100), unit(1, 100), unit(5, 100)]
    pictures[1].fresh = True
    assert all(piece.duration > 0 for piece in [*pushed(cutter, pictures), *cutter.flush()])


def test_a_bit_rate_above_the_limit_is_refused_in_words() -> None:
    rate = BitRate(25)
    with pytest.raises(UnsupportedMedia, match="the stream has 32 Mbit/s, more than 25: set a lower bit rate"):
        for _ in range(20):
            rate.add(8_000_000, 2.0)


def test_a_bit_rate_at_the_limit_may_have_peaks() -> None:
    rate = BitRate(25)
    for number in range(100):
        rate.add((4 if number % 2 else 8) * 1_000_000, 2.0)


def test_no_limit_takes_any_bit_rate() -> None:
    BitRate(0).add(1 << 40, 1.0)


class SlowBucket:
    """A storage that stores once it is released."""

    def __init__(self) -> None:
        self.storing, self.release = threading.Event(), threading.Event()
        self.stored: list[int] = []

    def segment(self, segment: Segment, data: bytes) -> None:
        self.storing.set()
        assert self.release.wait(60)
        self.stored.append(segment.ref.sequence)

    def playlist(self, name: str, text: str) -> None: ...


def test_segments_that_wait_for_a_slow_bucket_take_no_more_than_16_mib() -> None:
    bucket = SlowBucket()
    publisher = Publisher("cam", "s", bucket, Playlist(12, 120.0), depth=8, listed=lambda _: None)
    publisher.start()

    def put(number: int) -> None:
        publisher.put(Segment(SegmentRef("cam", "s", number), number * 2.0, 2.0, STARTED, False), bytes(10 * _MIB))

    put(0)
    assert bucket.storing.wait(60)
    second = threading.Thread(target=put, args=(1,))
    second.start()
    until(lambda: publisher.waiting, 60)
    bucket.release.set()
    second.join(60)
    publisher.close()
    assert bucket.stored == [0, 1]


def body(size: int) -> Body:
    return Body(io.BytesIO(bytes(size)), None, 1.0, expects=False)


def test_a_stream_has_two_bodies_here_some_that_wait_and_another_stream_its_own() -> None:
    taken: list[int] = []

    def send(stream: str = "cam") -> None:
        with body_memory.reading(body(1000), _MIB, "c.ts", stream) as data:
            taken.append(len(data))

    senders = [threading.Thread(target=send) for _ in range(24)]
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(body_memory.reading(body(1000), _MIB, "a.ts", "cam"))
        for sender in senders:
            sender.start()
        until(lambda: body_memory.waiting("cam") == len(senders), 60)
        with pytest.raises(Busy, match="'cam' sends too many segments at once"):
            send()
        for _ in range(2):
            held.enter_context(body_memory.reading(body(1000), _MIB, "a.ts", "other"))
        waits = threading.Thread(target=send, args=("other",))
        waits.start()
        until(lambda: body_memory.waiting("other") == 1, 60)
        senders.append(waits)
        assert taken == []
    for sender in senders:
        sender.join(60)
    assert taken == [1000] * len(senders)


@pytest.mark.parametrize(
    "line",
    [
        "#EXT-X-MEDIA-SEQUENCE:" + "9" * 25,
        f"#EXT-X-MEDIA-SEQUENCE:{1 << 53}",
        "#EXT-X-MEDIA-SEQUENCE:-1",
        "#EXT-X-TARGETDURATION:" + "9" * 400,
    ],
)
def test_numbers_beyond_what_is_exact_are_refused(line: str) -> None:
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n{line}\n#EXTINF:2,\na.ts\n"
    with pytest.raises(BadRequest, match="invalid"):
        parse("live.m3u8", text.encode(), "cam")


def test_the_largest_number_that_is_exact_is_taken() -> None:
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:{(1 << 53) - 1}\n#EXTINF:2,\na.ts\n"
    listing = parse("live.m3u8", text.encode(), "cam")
    assert listing and listing.items[0].number == (1 << 53) - 1
