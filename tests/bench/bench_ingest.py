"""What ingest costs: CPU per second of video, beside a bare PyAV loop that copies the same into one file; memory."""

from __future__ import annotations

import io
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil

from ingest.session import publisher
from pipeline.domain.model import Segment
from tests.bench.helpers.sized import sized
from tests.unit.ingest.world import Bytes, Memory, Records, session

_SECONDS, _RUNS, _STREAMS = sized((60, 5, 20), (8, 1, 3))
_FPS, _WIDTH, _HEIGHT, _RATE = 30, 1280, 720, 5_000_000


class _Nowhere(Memory):
    """Takes segments and forgets them."""

    def segment(self, segment: Segment, data: bytes) -> None:
        self.log.append(str(len(data)))


def rows() -> Iterator[dict[str, object]]:
    """CPU milliseconds per media second, alternating between the two; then memory with many streams at once."""
    publisher.INTERVAL = 0.0
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.ts"
        make_clip(clip)
        data = clip.read_bytes()
        rate = len(data) * 8 / _SECONDS / 1e6
        pairs = [(cpu(lambda: _ours(data)), cpu(lambda: bare(data))) for _ in range(_RUNS)]
        ours, other = (sorted(column)[len(pairs) // 2] for column in zip(*pairs, strict=True))
        name = f"ingest CPU, copying {rate:.1f} Mbit/s 720p"
        yield {"bench": name, "ours": ours, "other": other, "other_name": "bare PyAV copy", "unit": "ms/s"}
        yield {
            "bench": f"ingest memory, per stream of {_STREAMS}",
            "ours": _memory(data),
            "other": rate * 2 / 8,
            "other_name": "the bytes of one segment",
            "unit": "MB",
        }


def _ours(data: bytes) -> None:
    session(_Nowhere(), Records()).run(Bytes(data))


def bare(data: bytes) -> None:
    with (
        av.open(Bytes(data), "r", buffer_size=64 << 10) as source,
        av.open(io.BytesIO(), "w", format="mpegts") as target,
    ):
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream_index]
                target.mux_one(packet)


def cpu(run: object) -> float:
    started = time.process_time()
    assert callable(run)
    run()
    return (time.process_time() - started) * 1000 / _SECONDS


def _memory(data: bytes) -> float:
    """MB that each of many streams adds, all of them stopped in the middle of a segment."""
    process = psutil.Process(os.getpid())
    released = threading.Event()
    held = threading.Barrier(_STREAMS + 1)
    before = process.memory_info().rss

    class Held(Bytes):
        def read(self, size: int, /) -> bytes:
            if self.taken > len(data) // 2 and not released.is_set():
                held.wait()
                released.wait()
            return super().read(size)

    threads = [threading.Thread(target=session(_Nowhere(), Records()).run, args=(Held(data),)) for _ in range(_STREAMS)]
    for thread in threads:
        thread.start()
    held.wait()
    grown = process.memory_info().rss - before
    released.set()
    for thread in threads:
        thread.join()
    return grown / _STREAMS / 1e6


def make_clip(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (_HEIGHT * 3 // 2, _WIDTH), dtype=np.uint8)
    options = {"preset": "ultrafast", "g": "60", "bf": "2", "sc_threshold": "0", "maxrate": "5M", "bufsize": "2500k"}
    with av.open(str(path), "w", format="mpegts") as container:
        video = container.add_stream("libx264", rate=_FPS, options=options)
        video.width, video.height, video.pix_fmt, video.bit_rate = _WIDTH, _HEIGHT, "yuv420p", _RATE
        audio = container.add_stream("aac", rate=48_000)
        audio.layout = "stereo"
        at = 0
        for number in range(_SECONDS * _FPS):
            frame = av.VideoFrame.from_ndarray(np.roll(noise, number * 3, axis=1) // 4, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, _FPS)
            container.mux(video.encode(frame))
            while at / 48_000 < (number + 1) / _FPS:
                wave = np.sin(np.arange(at, at + 1024) / 17).astype(np.float32)
                sound = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
                sound.rate, sound.pts, sound.time_base = 48_000, at, Fraction(1, 48_000)
                container.mux(audio.encode(sound))
                at += 1024
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
