"""Makes the views, trains the judge on them and writes its weights. One core for half an hour, the same every time."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import torch

from pipeline.detection.logos.judge import WEIGHTS
from pipeline.detection.logos.references import references

from .. import marks
from ..pictures import pictures
from ..split import Part
from .crops import crop
from .net import stored, trained
from .views import seen, stacked

SEED = 31
GALLERY, SHOWN = 300, 400  # marks that are looked for, and that are shown: the rest are strangers
CROPS = 1600


def main() -> int:
    """Trains."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    random = np.random.default_rng(SEED)
    shown, behind = marks.many(Part.TUNING, SHOWN), pictures(Part.TUNING)
    crops = (crop(shown[int(random.integers(len(shown)))], behind, random) for _ in range(CROPS))
    planes, facts, right = stacked(list(seen(references(shown[:GALLERY]), crops)))
    print(f"{len(right)} views, {int(right.sum())} of them right")
    np.savez_compressed(WEIGHTS, allow_pickle=False, **stored(trained(planes, facts, right, SEED)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
