"""H.264's own words, first bytes, rewinding, redaction, and who may publish."""

from __future__ import annotations

import io
import logging
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.media import h264, sniff
from ingest.media.replay_buffer import Rewindable
from ingest.session.active_streams import ActiveStreams, Capacity
from pipeline.cloud.redact import RedactKeys
from pipeline.domain.errors import Unavailable, UnsupportedMedia

SPS = bytes.fromhex("6764001facd9405005bb01")
AVCC = bytes.fromhex("0164001fffe1000b") + SPS + bytes.fromhex("01000468ebe3cb")
ANNEX_B = b"\0\0\0\1" + SPS + b"\0\0\0\1\x68\xeb\xe3\xcb"


def test_the_codec_string_comes_from_either_framing() -> None:
    assert h264.codec_string(AVCC) == h264.codec_string(ANNEX_B) == "avc1.64001f"
    assert h264.codec_string(None) is None


@pytest.mark.parametrize(("kind", "afresh"), [(0x65, True), (0x41, False), (0x01, False)])
def test_only_an_idr_picture_starts_afresh(kind: int, afresh: bool) -> None:
    slice_ = bytes([kind]) + b"\x88" * 40
    delimiter = b"\x09\xf0"

    assert h264.starts_afresh(b"\0\0\0\1" + delimiter + b"\0\0\1" + slice_, ANNEX_B) is afresh
    prefixed = len(delimiter).to_bytes(4) + delimiter + len(slice_).to_bytes(4) + slice_
    assert h264.starts_afresh(prefixed, AVCC) is afresh


@given(st.binary(max_size=400), st.sampled_from([None, AVCC, ANNEX_B]))
def test_any_bytes_are_survived(data: bytes, extradata: bytes | None) -> None:
    assert h264.starts_afresh(data, extradata) in (True, False)
    assert (h264.codec_string(data) or "avc1.").startswith("avc1.")


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "a JPEG picture"),
        (b"OggS" + bytes(20), "an Ogg file"),
        (b"<!doctype html>", "HTML"),
        (b'{"a": 1}', "JSON"),
        (b"plain words", "text"),
    ],
)
def test_first_bytes_that_are_no_video_are_named(head: bytes, found: str) -> None:
    with pytest.raises(UnsupportedMedia, match=found):
        sniff.check(head, "a video")


@given(st.binary(min_size=1, max_size=200))
def test_a_transport_stream_is_never_mistaken(tail: bytes) -> None:
    sniff.check(b"\x47\x40\x00\x10\x00" + tail + b"\0", "a video")


@given(st.binary(max_size=500), st.lists(st.integers(1, 100), max_size=20), st.lists(st.integers(1, 100), max_size=20))
def test_rewinding_gives_the_same_bytes_again(data: bytes, first: list[int], second: list[int]) -> None:
    source = Rewindable(io.BytesIO(data))
    assert source.head(50) == data[:50]
    once = b"".join(source.read(size) for size in first)
    source.rewind()
    twice = b"".join(source.read(size) for size in second)
    source.forget()
    rest = b"".join(iter(lambda: source.read(64), b""))

    assert data.startswith(once)
    assert twice + rest == data


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("POST /streams/cam?key=s3cret 200", ()),
        ("Error handling request %s", ("/streams/cam?a=1&key=s3cret&b=2",)),
        ("Authorization: Bearer s3cret", ()),
    ],
)
def test_keys_are_blanked_in_any_record(message: str, arguments: tuple[str, ...]) -> None:
    record = logging.LogRecord("any", logging.INFO, "", 0, message, arguments, None)

    assert RedactKeys().filter(record)
    assert "s3cret" not in record.getMessage()


def test_an_instance_takes_no_more_senders_than_it_can_carry() -> None:
    registry = ActiveStreams()
    with registry.claim(lambda: None, Capacity(2, 1)):
        with (
            registry.claim(lambda: None, Capacity(2, 1)),
            pytest.raises(Unavailable),
            registry.claim(lambda: None, Capacity(2, 1)),
        ):
            pass
        assert len(registry) == 1


def test_what_is_transcoded_weighs_what_it_costs() -> None:
    registry, room = ActiveStreams(), Capacity(40, 1)
    with registry.claim(lambda: None, room) as one, registry.claim(lambda: None, room) as other:
        one.weigh(640 * 480 * 30)
        with pytest.raises(Unavailable, match=r"carries 1 other streams, has no room for that: .* send H\.264"):
            other.weigh(1280 * 720 * 30)
        other.weigh(640 * 480 * 30)


def test_a_transcode_leaves_no_room_for_another_stream() -> None:
    registry, room = ActiveStreams(), Capacity(40, 1)
    with registry.claim(lambda: None, room) as place:
        place.weigh(1280 * 720 * 30)
        with pytest.raises(Unavailable, match="already carries 1 streams"), registry.claim(lambda: None, room):
            pass
        place.weigh(0)
        with registry.claim(lambda: None, room):
            assert len(registry) == 2


def test_a_stream_that_is_alone_is_taken_however_much_it_costs() -> None:
    registry, room = ActiveStreams(), Capacity(40, 1)
    with registry.claim(lambda: None, room) as place:
        place.weigh(3840 * 2160 * 60)
    assert len(registry) == 0


def test_more_processors_carry_more_transcodes() -> None:
    registry, room = ActiveStreams(), Capacity(40, 2)
    with registry.claim(lambda: None, room) as one, registry.claim(lambda: None, room) as other:
        one.weigh(1280 * 720 * 30)
        other.weigh(1280 * 720 * 30)
        assert len(registry) == 2


def test_forty_copied_streams_fit() -> None:
    registry, room = ActiveStreams(), Capacity(40, 1)
    with ExitStack() as places:
        for _ in range(40):
            places.enter_context(registry.claim(lambda: None, room))
        with pytest.raises(Unavailable), registry.claim(lambda: None, room):
            pass


def test_closing_stops_every_publisher_and_takes_no_more() -> None:
    registry, stopped = ActiveStreams(), list[str]()
    with (
        registry.claim(lambda: stopped.append("a"), Capacity(2, 1)),
        registry.claim(lambda: stopped.append("b"), Capacity(2, 1)),
    ):
        registry.stop_all()
    assert stopped == ["a", "b"]
    with pytest.raises(Unavailable, match="shutting down"), registry.claim(lambda: None, Capacity(2, 1)):
        pass
