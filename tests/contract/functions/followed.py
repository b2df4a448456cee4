"""A stream whose frames show a mark on its way, sampled and analysed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from google.cloud.vision_v1 import types
from tests.contract.functions.vision_answers import seen
from tests.contract.functions.world import World
from tests.unit.sampling.clips import segment
from tests.unit.tracking.scenes import HEIGHT, WIDTH, Scene

from pipeline.domain import names
from pipeline.domain.model import Box

FPS, SECONDS = 25, 2
SCENE = Scene(count=4 * FPS, there=range(4 * FPS))


def pictures(scene: Scene) -> Iterator[np.ndarray]:
    return (cv2.cvtColor(plane, cv2.COLOR_GRAY2BGR) for plane in scene.planes())


def annotation(box: Box) -> types.EntityAnnotation:
    left, top = round(box.x * WIDTH), round(box.y * HEIGHT)
    right, bottom = round((box.x + box.width) * WIDTH), round((box.y + box.height) * HEIGHT)
    corners = [types.Vertex(x=x, y=y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
    return types.EntityAnnotation(description="Mark", score=0.9, bounding_poly=types.BoundingPoly(vertices=corners))


def looked_at(world: World, stream: str, scene: Scene = SCENE) -> list[int]:
    """The scene's segments, sampled, and their frames analysed; the frames' media_ms."""
    all_pictures = list(pictures(scene))
    for number in range(len(all_pictures) // (SECONDS * FPS)):
        part = all_pictures[number * SECONDS * FPS : (number + 1) * SECONDS * FPS]
        assert world.deliver("sample", world.put_segment(stream, number, segment(part, FPS))) == 200
    frames = sorted(world.frames(stream))
    for ms in frames:
        detected(world, stream, ms, scene)
    return frames


def detected(world: World, stream: str, ms: int, scene: Scene = SCENE) -> None:
    number = round(ms / 1000 * FPS)
    found = [annotation(scene.box(number))] if number in scene.there else []
    world.vision.says(seen(*found))
    assert world.deliver("detect", world.announce(names.frame_object(world.frame(stream, ms)))) == 200


def results(world: World, stream: str, ms: int) -> dict[str, Any]:
    return world.announce(names.results_object(world.frame(stream, ms)))
