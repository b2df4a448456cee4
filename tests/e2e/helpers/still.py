"""A stream whose picture never changes, and a mark on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import requests
from tests.wait import until

from emulator.sample import streams
from pipeline.cloud.clients import firestore_client
from sender import Push

SIZE, FPS, SECONDS = (640, 360), 10, 90
PATIENCE = 60.0  # s
MARKS = Path(__file__).parents[3] / ".local" / "media" / "marks"


def film(path: Path, name: str = "starbucks/black.png") -> Path:
    """A picture that never changes, with a mark on it: the hardest case for a gate that looks only at changes."""
    mark = cv2.imread(str(MARKS / name), cv2.IMREAD_UNCHANGED)
    assert mark is not None
    mark = cv2.resize(mark, (160, 160), interpolation=cv2.INTER_AREA)
    picture = np.full((SIZE[1], SIZE[0], 3), 235, np.uint8)
    opaque = mark[:, :, 3:] / 255.0
    picture[100:260, 240:400] = picture[100:260, 240:400] * (1 - opaque) + mark[:, :, :3] * opaque
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": str(2 * FPS)})
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        for _ in range(SECONDS * FPS):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(video.encode())
    return path


class Watched:
    """A stream that is being sent, and the API."""

    def __init__(self, endpoints: Any, stream: str, clip: Path, settings: dict[str, Any]) -> None:
        self._api = endpoints.api.rstrip("/")
        self._headers = {"Authorization": f"Bearer {endpoints.admin_key}"}
        self._stream = stream
        key = streams.create(endpoints, stream, stream)
        self.call("PATCH", f"/streams/{stream}", json={"settings": settings})
        self._push = Push(str(clip), streams.address(endpoints, stream), key)
        self._push.start()

    def call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        response = requests.request(method, self._api + path, headers=self._headers, timeout=30, **body)
        response.raise_for_status()
        return response.json() if response.content else {}

    def seconds_until(self, right: Callable[[dict[str, Any]], bool], kind: str = "logo") -> float:
        """Waits for an analysis for `kind` of which `right` is true; how long that took."""
        started = time.monotonic()
        until(
            lambda: any(right(one) for one in self._analyses(kind)),
            PATIENCE,
            lambda: f"an analysis like that (the last ones are {self._analyses(kind)[-3:]})",
        )
        return time.monotonic() - started

    def _analyses(self, kind: str) -> list[dict[str, Any]]:
        sessions = firestore_client().collection(f"streams/{self._stream}/sessions").list_documents()
        frames = [frame for session in sessions for frame in session.collection("frames").stream()]
        return [one for frame in frames if (one := ((frame.to_dict() or {}).get("analyses") or {}).get(kind))]

    def close(self) -> None:
        self._push.stop()
        self._push.join(60)
