"""The gallery's share of an instance: two looks at a time, and small marks, whatever is asked for and handed in."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from tests.wait import until

from pipeline.detection import gallery
from pipeline.detection.base import DetectRequest, Image
from pipeline.domain.model import Brand, Kind

_BRAND = Brand("acme", "Acme", references=("brands/acme/mark.png",))


class Slow:
    """A gallery whose looks last until they are let go."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.go = threading.Event()
        self._lock = threading.Lock()

    def find(self, picture: Any, threshold: float) -> list[Any]:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.go.wait(20)
        with self._lock:
            self.inside -= 1
        return []


def test_two_frames_are_looked_at_at_a_time_and_the_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, detector = Slow(), gallery.GalleryDetector()
    monkeypatch.setattr(detector, "_of", lambda brands: slow)
    data = cv2.imencode(".jpg", np.zeros((72, 128, 3), np.uint8))[1].tobytes()

    frame, wanted = Image("media", "frames/a/b/0.jpg", 1, 128, 72), DetectRequest((Kind.LOGO,), (), 0.5)
    frame.__dict__["data"] = data  # as if it had been read
    looks = [threading.Thread(target=detector.detect, args=(frame, wanted)) for _ in range(4)]
    for look in looks:
        look.start()
    until(lambda: slow.inside == 2 and detector.info.queue == 4, 10, "two looks and two that wait")
    slow.go.set()
    for look in looks:
        look.join(20)
    assert slow.most == 2


def test_a_mark_of_16_million_pixels_is_kept_small(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = np.full((4000, 4000, 3), 255, np.uint8)
    cv2.ellipse(drawing, (2000, 2000), (1700, 900), 30, 0, 250, (20, 20, 20), 400)
    large, kept = cv2.imencode(".png", drawing)[1].tobytes(), list[Any]()
    blob = SimpleNamespace(download_as_bytes=lambda timeout: large)
    monkeypatch.setattr(gallery, "media_bucket", lambda: SimpleNamespace(blob=lambda name: blob))
    made = gallery.references
    monkeypatch.setattr(gallery, "references", lambda marks: kept.extend(made(marks)) or kept)
    frame, wanted = Image("media", "frames/a/b/0.jpg", 1, 640, 360), DetectRequest((Kind.LOGO,), (_BRAND,), 0.5)
    small = cv2.resize(drawing, (200, 200), interpolation=cv2.INTER_AREA)
    scene = np.full((360, 640, 3), 180, np.uint8)
    scene[80:280, 220:420] = small
    frame.__dict__["data"] = cv2.imencode(".jpg", scene)[1].tobytes()

    [analysis] = gallery.GalleryDetector().detect(frame, wanted)

    assert [seen.label for seen in analysis.detections] == ["acme"]
    [reference] = kept
    assert max(reference.box) <= 512
    assert reference.outline is not None
    assert reference.outline.size <= 128 * 128
