"""A contact sheet of the clip, with the ground truth drawn in: for a person to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from pipeline.domain.model import Box

from .tracks import Point, Track


def write_sheet(path: Path, clip: Path, truth: dict[str, Any], columns: int = 4, every: float = 1.5) -> None:
    """Writes a PNG of a picture every `every` seconds."""
    tracks = [(a["label"], _track(a)) for a in truth["appearances"]]
    tiles: list[Any] = []
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            if frame.time < len(tiles) * every + every / 2:
                continue
            tiles.append(_tile(np.asarray(frame.to_ndarray(format="bgr24")), tracks, frame.time))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)]
    cv2.imwrite(str(path), np.vstack(rows))


def _tile(picture: Any, tracks: list[tuple[str, Track]], t: float) -> Any:
    height, width = picture.shape[:2]
    for label, track in tracks:
        box = track.at(t)
        if box is None:
            continue
        left, top = round(box.x * width), round(box.y * height)
        right, bottom = round((box.x + box.width) * width), round((box.y + box.height) * height)
        cv2.rectangle(picture, (left, top), (right, bottom), (0, 255, 255), 2)
        cv2.putText(picture, f"{label} {t:.2f}", (left, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 255, 255), 2)
    return cv2.resize(picture, (480, 270), interpolation=cv2.INTER_AREA)


def _track(appearance: dict[str, Any]) -> Track:
    return Track(tuple(Point(p["t"], Box(p["x"], p["y"], p["width"], p["height"])) for p in appearance["track"]))
