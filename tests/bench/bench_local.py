"""The provider `local`: processor time of a 720p frame by kind, beside another way to the same on one core.

Frames are of the sample clip, half of them with a line of text. Its logos are in bench_logos.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from emulator.paths import MEDIA
from pipeline.detection.recognisers import blazeface, nanodet, reader
from tests.bench.helpers.sized import sized

FRAMES = sized(40, 4)
WORDS = (200, 400), cv2.FONT_HERSHEY_SIMPLEX, 2, (250, 250, 250), 5, cv2.LINE_AA


def rows() -> Iterator[dict[str, object]]:
    cv2.setNumThreads(1)
    frames = _frames()
    ours = nanodet.NanoDet()
    yield _row("objects", frames, ours.find, _eight_bit(), "the same network with its weights as 8-bit numbers")
    yield _row("faces", frames, blazeface.BlazeFace().find, _haar(), "OpenCV's Haar cascade")
    yield _row("text", frames, reader.Reader().read, _default_reader(), "RapidOCR as it comes, with the picture whole")


def _row(
    kind: str,
    frames: Sequence[np.ndarray],
    ours: Callable[[Any], object],
    other: Callable[[Any], object],
    name: str,
) -> dict[str, object]:
    return {
        "bench": f"local: {kind} in a 720p frame",
        "ours": _milliseconds(ours, frames),
        "other": _milliseconds(other, frames),
        "other_name": name,
        "unit": "ms of processor",
    }


def _milliseconds(find: Callable[[Any], object], frames: Sequence[np.ndarray]) -> float:
    find(frames[0].copy())  # loads the model
    took: list[float] = []
    for frame in frames:
        started = time.process_time()
        find(frame.copy())
        took.append(time.process_time() - started)
    return float(np.mean(took)) * 1000


def _frames() -> list[np.ndarray]:
    found: list[np.ndarray] = []
    with av.open(str(MEDIA / "sample.mp4")) as container:
        count = container.streams.video[0].frames
        for number, frame in enumerate(container.decode(video=0)):
            if number % (count // FRAMES) == 0:
                found.append(frame.to_ndarray(format="bgr24"))
    for frame in found[::2]:
        cv2.putText(frame, "FINAL LAP 2026", *WORDS)
    return found


def _eight_bit() -> Callable[[np.ndarray], object]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(nanodet.WEIGHTS), options, providers=["CPUExecutionProvider"])

    def find(frame: np.ndarray) -> object:
        planes = cv2.resize(frame, (416, 416)).astype(np.float32).transpose(2, 0, 1)[None]
        return session.run(None, {session.get_inputs()[0].name: planes})

    return find


def _haar() -> Callable[[np.ndarray], object]:
    name = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(name))
    return lambda frame: cascade.detectMultiScale(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), 1.1, 5, minSize=(40, 40))


def _default_reader() -> Callable[[np.ndarray], object]:
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    return RapidOCR(params={**threads, "Global.log_level": "critical"})
