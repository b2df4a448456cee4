"""Moves an announced segment onto the session's clock: the same packets, its keyframe at 10 s + media time."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from ..domain.errors import UnsupportedMedia
from ..media import containers
from ..media.limits import check_rate

_ORIGIN = 10.0  # seconds: the pts of media time 0
_TICKS = 90_000  # a second, in MPEG-TS


def moved(data: bytes, media_time: float) -> bytes:
    """The segment with its keyframe at `media_time` seconds. Raises UnsupportedMedia unless it is MPEG-TS with H.264
    (and AAC) that starts with a keyframe."""
    with _opened(data) as source:
        streams = [*source.streams.video[:1], *source.streams.audio[:1]]
        codecs = [stream.codec_context.name for stream in streams]
        if codecs not in (["h264"], ["h264", "aac"]):
            raise UnsupportedMedia(
                f"unsupported codecs ({', '.join(codecs) or 'none'}): expected H.264, and AAC for sound"
            )
        packets = [one for one in containers.packets(source, *streams) if one.pts is not None and one.dts is not None]
        first = next((packet for packet in packets if packet.stream is streams[0]), None)
        if first is None or not first.is_keyframe or first.pts is None:
            raise UnsupportedMedia("the segment does not start with a keyframe")
        video = streams[0]
        assert isinstance(video, VideoStream)
        pictures = [packet.pts for packet in packets if packet.stream is video and packet.pts is not None]
        check_rate(video.width, video.height, len(pictures), (max(pictures) - min(pictures)) / _TICKS)
        shift = round((_ORIGIN + media_time) * _TICKS) - first.pts
        out = io.BytesIO()
        with av.open(out, "w", format="mpegts", options={"mpegts_flags": "+initial_discontinuity"}) as target:
            outputs = {stream.index: target.add_stream_from_template(stream) for stream in streams}
            for packet in packets:
                assert packet.pts is not None and packet.dts is not None
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = outputs[packet.stream_index]
                target.mux(packet)
        return out.getvalue()


@contextmanager
def _opened(data: bytes) -> Generator[InputContainer]:
    """The segment's media, with FFmpeg's errors as UnsupportedMedia."""
    try:
        with containers.open_container(io.BytesIO(data), "mpegts") as source:
            yield source
    except FFmpegError as error:
        raise UnsupportedMedia(f"the address does not hold an MPEG-TS segment ({error.strerror})") from None
