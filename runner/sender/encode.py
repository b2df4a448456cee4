"""Encodes the raw pictures of cameras and screens, which are too large to send as they are."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from typing import IO

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

_RAW = {"rawvideo", "wrapped_avframe", "mjpeg"}
_KEYFRAME_SECONDS = 2  # between two keyframes
_VIDEO = {"preset": "veryfast", "tune": "zerolatency", "forced-idr": "1"}
_PROBE = {"probesize": "200000", "analyzeduration": "500000"}


def needs_encoding(container: InputContainer) -> bool:
    """Whether its pictures are raw, or each one compressed by itself (MJPEG)."""
    return container.streams.video[0].codec_context.name in _RAW and not container.duration


def encoded(container: InputContainer) -> InputContainer:
    """`container` as H.264 and AAC, live. A thread encodes until `container` ends or the result is closed."""
    reader, writer = os.pipe()
    output = os.fdopen(writer, "wb", buffering=0)
    threading.Thread(target=_encode, args=(container, output), name="push-encode", daemon=True).start()
    return av.open(os.fdopen(reader, "rb"), "r", format="mpegts", options=_PROBE)


def _encode(container: InputContainer, sink: IO[bytes]) -> None:
    try:
        with sink, container, av.open(sink, "w", format="mpegts", options={"flush_packets": "1"}) as output:
            for packet in _packets(container, output):
                output.mux(packet)
    except (FFmpegError, BrokenPipeError):
        return  # the device has gone or the reader has closed: the reader sees the end


def _packets(container: InputContainer, output: OutputContainer) -> Iterator[Packet[Stream]]:
    camera = container.streams.video[0]
    video = _video(output, camera)
    microphone = next(iter(container.streams.audio), None)
    sound = output.add_stream("aac", rate=48_000) if microphone else None
    for packet in container.demux([camera, *([microphone] if microphone else [])]):
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                frame = frame.reformat(format="yuv420p")
                frame.pict_type = PictureType.NONE
                yield from video.encode(frame)
            elif isinstance(frame, AudioFrame) and sound:
                yield from sound.encode(frame)
    for stream in (video, sound):
        if stream:
            yield from stream.encode(None)


def _video(output: OutputContainer, camera: VideoStream) -> VideoStream:
    rate = camera.average_rate or camera.guessed_rate or Fraction(30)
    video = output.add_stream("libx264", rate=rate, options={**_VIDEO, "g": str(round(rate * _KEYFRAME_SECONDS))})
    video.width, video.height = camera.width // 2 * 2, camera.height // 2 * 2
    video.pix_fmt = "yuv420p"
    video.codec_context.time_base = Fraction(1, 90_000)
    return video
