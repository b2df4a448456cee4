"""The Vision emulator as a process, asked for logos by Google's client; its processor time is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import grpc
import numpy as np
import psutil
from google.cloud import vision
from google.cloud.vision_v1.services.image_annotator.transports import ImageAnnotatorGrpcTransport

from pipeline.detection.logos import Mark
from tests.contract.functions.servers import ROOT
from tests.servers import free_port

from .finders import Finder
from .tally import Found

QUALITY = 95  # of the JPEG that is sent
READY = 60.0  # seconds


@contextmanager
def vision_emulator(marks: Sequence[Mark]) -> Iterator[Finder]:
    """It has read the marks once this returns, and is gone after."""
    with TemporaryDirectory() as name:
        _write(Path(name), marks)
        port = free_port()
        command = [sys.executable, "-m", "emulator.emulators.vision", "--port", str(port), "--marks", name]
        command += ["--storage-endpoint", "http://127.0.0.1:1"]  # pictures come in the request
        server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            channel = grpc.insecure_channel(f"127.0.0.1:{port}")
            grpc.channel_ready_future(channel).result(READY)
            yield _finder(vision.ImageAnnotatorClient(transport=ImageAnnotatorGrpcTransport(channel=channel)), server)
        finally:
            server.terminate()
            server.wait()


def _finder(client: vision.ImageAnnotatorClient, server: subprocess.Popen[bytes]) -> Finder:
    process = psutil.Process(server.pid)

    def find(image: np.ndarray) -> tuple[list[Found], float]:
        content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
        before = process.cpu_times()
        answer = client.logo_detection(image=vision.Image(content=content), max_results=50)  # pyright: ignore[reportAttributeAccessIssue]
        after = process.cpu_times()
        found = [(logo.description, _box(logo.bounding_poly)) for logo in answer.logo_annotations]
        return found, after.user + after.system - before.user - before.system

    return find


def _box(polygon: vision.BoundingPoly) -> tuple[float, float, float, float]:
    xs, ys = [corner.x for corner in polygon.vertices], [corner.y for corner in polygon.vertices]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _write(folder: Path, marks: Sequence[Mark]) -> None:
    """As `emulator.sample.media` would."""
    files: dict[str, list[str]] = {}
    for number, mark in enumerate(marks):
        files.setdefault(mark.brand, []).append(f"{number}.png")
        cv2.imwrite(str(folder / f"{number}.png"), mark.image)
    listing = {brand: {"name": brand, "aliases": [], "files": names} for brand, names in files.items()}
    (folder / "marks.json").write_text(json.dumps(listing))
