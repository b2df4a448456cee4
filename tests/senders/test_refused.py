"""What cannot be shown is refused in words that say why, before anything of it is stored."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from ingest.media import sniff
from pipeline.domain.errors import UnsupportedMedia
from sender.errors import UnsupportedMedia as NotSent
from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg, packets, stored
from tests.senders.oracle import Found, live, sent, uploaded

BOTH = pytest.mark.parametrize("way", [live, uploaded])
Way = Callable[[bytes], Found]
KEY = "76a6c65c5ea762046bd749a2e632ccbb"
ENCRYPTED = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", KEY, "-encryption_kid", KEY)


def clip(name: str, *options: str) -> bytes:
    return ffmpeg(name, *PICTURE, *TONE, "-t", "4", *X264, *AAC, *options)


@BOTH
def test_an_encrypted_mp4(way: Way) -> None:
    """It can be read, and shows noise."""
    with pytest.raises(UnsupportedMedia, match=r"encrypted.*without DRM"):
        way(clip("a.mp4", *ENCRYPTED, "-movflags", "+faststart"))


def test_an_encrypted_mp4_is_not_sent() -> None:
    with pytest.raises(NotSent, match="is encrypted"):
        sent(stored(clip("a.mp4", *ENCRYPTED), "a.mp4"))


@BOTH
def test_scrambled_television(way: Way) -> None:
    def scrambled(pid: int, packet: bytes) -> bytes:
        return packet if pid < 0x100 or pid >= 0x1000 else packet[:3] + bytes([packet[3] | 0x80]) + bytes(184)

    data = b"".join(scrambled(pid, packet) for pid, _, packet in packets(clip("a.ts")))
    with pytest.raises(UnsupportedMedia, match=r"is scrambled: .* decrypted"):
        way(data)


@pytest.mark.parametrize("options", [(), ("-movflags", "+faststart")], ids=["last", "first"])
def test_an_mp4_without_its_index(options: tuple[str, ...]) -> None:
    """As a recorder without power leaves it."""
    data = clip("a.mp4", *options)
    without = data[: data.index(b"moov") - 4] if not options else data[: data.index(b"moov") - 4] + mdat(data)
    with pytest.raises(UnsupportedMedia, match=r"cut off: its index \(moov\).* missing"):
        uploaded(without)


def test_a_file_of_countless_boxes_is_not_walked_through() -> None:
    source = Counted(boxes := (24).to_bytes(4) + b"ftypmp42" + bytes(12) + ((8).to_bytes(4) + b"mdat") * 100_000)
    assert not sniff.index_is_missing(source)
    assert source.reads < len(boxes) / 100


class Counted(io.BytesIO):
    """Counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


def mdat(data: bytes) -> bytes:
    at = data.index(b"mdat") - 4
    return data[at:-1000]


@BOTH
@pytest.mark.parametrize("coded", [X264, ("-c:v", "libx265", "-x265-params", "log-level=error")], ids=["h264", "hevc"])
def test_pictures_without_a_container(way: Way, coded: tuple[str, ...]) -> None:
    name = "a.h264" if coded is X264 else "a.hevc"
    with pytest.raises(UnsupportedMedia, match=r"raw H.264 or HEVC, which has no times.*-f mpegts"):
        way(ffmpeg(name, *PICTURE, "-t", "1", *coded))


@BOTH
@pytest.mark.parametrize(
    ("name", "said"),
    [("a.aac", "AAC sound"), ("a.flac", "a FLAC file"), ("a.mp3", "an MP3 file"), ("a.m4a", "no video|index")],
)
def test_sound_alone(way: Way, name: str, said: str) -> None:
    with pytest.raises(UnsupportedMedia, match=said):
        way(ffmpeg(name, *TONE, "-t", "1"))


@BOTH
def test_jpeg_pictures_over_http(way: Way) -> None:
    with pytest.raises(UnsupportedMedia, match="JPEG pictures over HTTP, not a video"):
        way(ffmpeg("a.mjpg", *PICTURE, "-t", "1", "-f", "mpjpeg"))


@BOTH
def test_sound_of_cinemas_by_its_name(way: Way) -> None:
    with pytest.raises(UnsupportedMedia, match="found dts audio, which is not accepted"):
        way(ffmpeg("a.mkv", *PICTURE, *TONE, "-t", "1", *X264, "-c:a", "dca", "-strict", "-2"))


@pytest.mark.parametrize("coded", [("a.gif", "-c:v", "gif"), ("a.flv", "-c:v", "flv")], ids=["gif", "flv1"])
def test_what_no_live_container_holds(coded: tuple[str, ...]) -> None:
    name, *options = coded
    with pytest.raises(NotSent, match=r"cannot be sent live: send H.264 and AAC, or upload the file"):
        sent(stored(ffmpeg(name, *PICTURE, "-t", "1", *options), name))
