"""What is evaluated: each finder takes a 720p picture and gives what it found and the processor seconds that took."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from pipeline.detection.logos import Gallery, Mark

from .tally import Found, pixels

# What each takes is counted; decoding the picture is not.

Finder = Callable[[np.ndarray], tuple[list[Found], float]]


class Missing(Exception):
    """What a finder needs is not installed; the message is its column's text."""


def gallery(marks: Sequence[Mark]) -> Finder:
    """The matcher, in this process."""
    prepared = Gallery.load(marks)

    def find(image: np.ndarray) -> tuple[list[Found], float]:
        started = time.process_time()
        matches = prepared.find(image)
        took = time.process_time() - started
        return [(match.brand, pixels(match.box, image.shape[1], image.shape[0])) for match in matches], took

    return find


def tiny_clip() -> Finder:
    """The CLIP service's code with the tiny model, on one thread. It knows the sample clip's marks. Raises Missing."""
    try:
        import torch

        from .clip import finder
    except ImportError as error:
        raise Missing(f"not installed: {error.name}") from error
    torch.set_num_threads(1)
    look = finder()

    def find(image: np.ndarray) -> tuple[list[Found], float]:
        started = time.process_time()
        found = look(image)
        return found, time.process_time() - started

    return find
