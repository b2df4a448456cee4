"""Opens media of strangers with the demuxers and decoders that are needed, and no others.

FFmpeg has demuxers that open files and addresses which the input names, hundreds of rarely used decoders, and tables
whose declared size an input of a kilobyte chooses freely. So each caller names its demuxers; decoders are those of
`LIVE` or `FILES`; no protocol is allowed; pictures are as large as `limits` allows; one allocation of FFmpeg in this
process is at most `limit_allocation`, also for streams that begin late, which no other option reaches.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar, cast

import av
import av._core
from av.codec.context import CodecContext, Flags
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from ..domain.errors import UnsupportedMedia
from .limits import LARGEST, Largest

_PCM = "s16le s16be s24le s24be s32le s32be f32le f32be u8 alaw mulaw"
_LIVE = "h264 hevc av1 libdav1d vp8 vp9 libvpx libvpx-vp9 mpeg1video mpeg2video mpeg4 mjpeg prores"
_HEARD = "aac aac_latm opus libopus mp2 mp2float mp3 mp3float ac3 eac3 vorbis flac"
_OLDER = (
    "flv h263 h263i theora dnxhd dvvideo wmv1 wmv2 wmv3 vc1 msmpeg4 msmpeg4v1 msmpeg4v2 wmav1 wmav2 wmapro pcm_dvd "
    "pcm_bluray pcm_s8 adpcm_ms adpcm_ima_wav amrnb alac"
)
LIVE = frozenset((*_LIVE.split(), *_HEARD.split(), *(f"pcm_{kind}" for kind in _PCM.split())))
"""Decoders of live media and of segments."""
FILES = LIVE | frozenset(_OLDER.split())
"""Decoders of uploaded files, of older containers too."""
NAMED = "H.264, HEVC, AV1, VP8, VP9, MPEG-2, MPEG-4, MJPEG or ProRes with AAC, Opus, MP3, AC-3, Vorbis, FLAC or PCM"
_THREADS = min(2, os.cpu_count() or 1)  # of a decoder: on many cores it would keep a picture for each
_BUFFER_BYTES = 64 << 10  # of one read: 16 KiB cost three times as much
_ALLOCATION_BYTES = 32 << 20  # a picture of LARGEST in three bytes a pixel is the largest that is needed


S = TypeVar("S", bound=Stream)


class Readable(Protocol):
    """An input of bytes."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, at least one unless the input has ended."""
        ...


def limit_allocation(size: int) -> None:
    """Limits each allocation of FFmpeg in this process to `size` bytes; a larger one fails as if memory was out.

    Of frames, tables and packets alike: a kilobyte of MP4 can declare an index of gigabytes.
    """
    ctypes.CDLL(av._core.__file__).av_max_alloc(ctypes.c_size_t(size))  # PyAV has no name for it


limit_allocation(_ALLOCATION_BYTES)


def open_container(
    source: Readable,
    demuxers: str,
    options: Mapping[str, str] | None = None,
    *,
    decoders: frozenset[str] = LIVE,
    largest: Largest = LARGEST,
) -> InputContainer:
    """Opens `source` with one of `demuxers` (names, with commas) only. Raises FFmpegError if none of them can read it.

    Its decoders refuse larger pictures than `largest`.
    """
    bounds = {
        "format_whitelist": demuxers,
        "codec_whitelist": ",".join(sorted(decoders)),
        "protocol_whitelist": "",
        "max_pixels": str(largest.pixels),
    }
    container = av.open(
        source,
        "r",
        format=None if "," in demuxers else demuxers,
        options={**(options or {}), **bounds},
        buffer_size=_BUFFER_BYTES,
        metadata_errors="replace",
    )
    for video in container.streams.video:
        if decodable(video):
            bound(video.codec_context, largest)
    return container


def packets(container: InputContainer, *streams: S) -> Iterator[Packet[S]]:
    """The packets of `streams`, or of all, until the input ends; then an empty one for each, which empties its decoder.

    A stream that the input added meanwhile has none: PyAV does not know it, and fails where it comes to its turn.
    """
    ended = False
    try:
        for packet in cast("Iterator[Packet[S]]", container.demux(*streams)):
            ended = ended or (not packet.size and packet.dts is None)
            yield packet
    except IndexError:
        if not ended:
            raise


def bound(decoder: CodecContext, largest: Largest = LARGEST) -> None:
    """Sets a decoder of pictures up: it refuses larger ones than `largest`, and crops them where they say.

    Without that flag FFmpeg keeps up to 63 columns at the left, for the sake of aligned memory.
    """
    decoder.options = {"max_pixels": str(largest.pixels)}
    decoder.flags |= Flags.unaligned
    decoder.thread_count = _THREADS


def first_video(container: InputContainer) -> VideoStream | None:
    """The default video stream, else the first, and no cover of a song; None without one."""
    videos = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    return min(videos, key=lambda one: not one.disposition & Disposition.default, default=None)


def decodable(stream: Stream) -> bool:
    """Whether FFmpeg knows the codec; without it PyAV has no context."""
    return getattr(stream, "codec_context", None) is not None


def check_decoder(stream: Stream, decoders: frozenset[str] = LIVE) -> None:
    """Raises UnsupportedMedia if the stream's codec is not among those that are accepted."""
    codec = stream.codec_context.codec
    if codec.name not in decoders:
        raise UnsupportedMedia(f"found {codec.canonical_name} {stream.type}, which is not accepted: send {NAMED}")
