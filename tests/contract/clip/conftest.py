"""The CLIP service with the tiny model, which truly tells twelve brands apart.

The service is imported where a test uses it: it brings torch and transformers, seconds of CPU that every worker would
spend on collecting.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from clip.classes import brand
from clip.settings import Clip
from emulator.emulators.vision.marks import load_marks
from emulator.sample.media.footage import path_of
from emulator.sample.media.marks import CATALOG

if TYPE_CHECKING:
    from clip.service import Service

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests" / "fixtures" / "tiny-clip"
TINY_OWL = ROOT / "tests" / "fixtures" / "tiny-owl"
BRANDS = [{"id": mark.brand, "name": mark.name} for mark in CATALOG]
NAMED = tuple(brand(mark.brand, mark.name) for mark in CATALOG)


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    import torch

    from clip.service import Service

    torch.set_num_threads(1)
    started = Service(Clip(model=str(TINY), owl_model=str(TINY_OWL), device="cpu", queue=16))
    yield started
    started.close()


@pytest.fixture(scope="session")
def client(service: Service) -> FlaskClient:
    from clip.app import create_app

    return create_app(service).test_client()


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    """Footage that the model was not trained on, without any mark: 720p, BGR."""
    with av.open(str(path_of("bikes.mp4"))) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in islice(container.decode(video=0), 0, 250, 25)]
    return [cv2.resize(frame, (1280, 720)) for frame in frames]


@pytest.fixture(scope="session")
def marks() -> dict[str, np.ndarray]:
    """Each brand's mark in its colour, BGRA, by its id."""
    ids = {mark.name: mark.brand for mark in CATALOG}
    return {ids[mark.brand]: mark.image for mark in load_marks(ROOT / ".local" / "media" / "marks")}


def jpeg(image: np.ndarray) -> dict[str, str]:
    """As a request has it."""
    return {"content": base64.b64encode(cv2.imencode(".jpg", image)[1].tobytes()).decode()}


def with_mark(picture: np.ndarray, mark: np.ndarray, x: int, y: int, height: int) -> np.ndarray:
    """The picture with a mark on a white plate; its glyph's top left is (x, y)."""
    left, top, wide, high = cv2.boundingRect((mark[..., 3] > 100).astype(np.uint8))
    cut = mark[top : top + high, left : left + wide]
    glyph = cv2.resize(cut, (round(wide * height / high), height), interpolation=cv2.INTER_AREA)
    image, margin, width = picture.copy(), height // 5, glyph.shape[1]
    image[y - margin : y + height + margin, x - margin : x + width + margin] = 245
    share = glyph[..., 3:] / 255.0
    place = image[y : y + height, x : x + width]
    place[:] = (place * (1 - share) + glyph[..., :3] * share).round().astype(np.uint8)
    return image
