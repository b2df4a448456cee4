"""The clip as MP4: H.264 with a keyframe exactly every two seconds, AAC stereo with a soft tick each second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

Picture = NDArray[np.uint8]
RATE = 48_000
GOP_SECONDS = 2
BT709, LIMITED = 1, 1  # as ISO 23001-8 numbers them


def encode(path: Path, pictures: Iterable[Picture], fps: int) -> None:
    """Writes BGR `pictures` to `path`, bit for bit the same each time.

    So there are no dates in it, and one thread writes it: x264's rate control depends on the timing of several.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as output:
        video, audio = _video(output, fps), output.add_stream("aac", rate=RATE, layout="stereo", bit_rate=96_000)
        reformatter = VideoReformatter()
        for number, picture in enumerate(_ahead(pictures)):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            yuv = reformatter.reformat(frame, format="yuv420p", dst_colorspace=BT709, dst_color_range=LIMITED)
            output.mux(video.encode(yuv))
            if number % fps == 0:
                _second(output, audio, number // fps)
        output.mux(video.encode(None))
        output.mux(audio.encode(None))


def _ahead(pictures: Iterable[Picture]) -> Iterator[Picture]:
    """The same, each made in a thread of its own while the one before is encoded."""
    source = iter(pictures)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, source, None)
        while (picture := coming.result()) is not None:
            coming = pool.submit(next, source, None)
            yield picture


def _video(output: OutputContainer, fps: int) -> VideoStream:
    gop = GOP_SECONDS * fps
    options = {"preset": "veryfast", "b": "4M", "maxrate": "5M", "bufsize": "8M", "threads": "1"}
    # No keyframe at a cut of the scene: they stand every two seconds and nowhere else.
    options["x264-params"] = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0"
    stream = output.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = LIMITED
    return stream


def _second(output: OutputContainer, audio: AudioStream, second: int) -> None:
    """A tick of 60 ms at the second's start, higher every tenth second; then silence."""
    t = np.arange(RATE, dtype=np.float32) / RATE
    pitch = 880.0 if second % 10 == 0 else 440.0
    tick = 0.05 * np.sin(2 * np.pi * pitch * t) * np.clip(1 - t / 0.06, 0, 1)
    frame = av.AudioFrame.from_ndarray(np.tile(tick.astype(np.float32), (2, 1)), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, second * RATE, Fraction(1, RATE)
    output.mux(audio.encode(frame))
