"""The gallery's share of an instance: two looks at a time, whatever the number of requests."""

from __future__ import annotations

import threading
from typing import Any

import cv2
import numpy as np
import pytest
from tests.wait import until

from pipeline.detection import gallery
from pipeline.detection.base import DetectRequest, Image
from pipeline.domain.model import Kind


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
