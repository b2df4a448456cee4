"""The CLIP service's own code with the tiny model, as a finder of the evaluation.

The tiny model knows the sample clip's twelve marks alone: the column says how the service's proposals, classes and
calibration work together, not what a real CLIP sees.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clip import detect
from clip.classes import brand
from clip.model import Model
from clip.proposals import cut, propose
from clip.settings import Clip
from emulator.sample.media.marks import CATALOG

from .tally import Found
from .tiny_clip import FIXTURE


def finder() -> Callable[[np.ndarray], list[Found]]:
    """Finds in a BGR picture; brands by simple-icons' names."""
    settings, model = Clip(), Model(str(FIXTURE), "cpu")
    wanted = tuple(brand(mark.brand, mark.name) for mark in CATALOG)
    texts = detect.Texts(model.embed_texts).of(wanted)

    def find(image: np.ndarray) -> list[Found]:
        places = propose(image, settings.regions)
        margin = detect.margins(
            model.embed_images(cut(image, places.squares, model.side)), texts, model.scale, len(wanted)
        )
        kept = detect.detections(margin, places, wanted, model.calibration, settings.threshold)
        return [(label, (x, y, w, h)) for index, label, _ in kept for x, y, w, h in [places.boxes[index].tolist()]]

    return find
