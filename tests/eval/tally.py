"""What a finder did on scenes: a find is right where the brand is and the boxes overlap by at least half."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .paint import LOOKS, Box
from .scenes import SIZES, Scene

OVERLAP = 0.5  # intersection over union
Found = tuple[str, tuple[float, float, float, float]]  # brand, and x, y, width, height in pixels


@dataclass(frozen=True)
class Seen:
    """One scene's outcome. `hit` is None where there was nothing to find; `overlap` is the hit's."""

    scene: Scene
    hit: bool | None
    overlap: float
    wrong: list[Found]


@dataclass
class Tally:
    """Outcomes so far, and processor seconds of each scene."""

    seen: list[Seen] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, scene: Scene, found: Sequence[Found], seconds: float) -> None:
        """One scene. Of several finds at the mark's place one is right."""
        overlaps = {find: iou(find[1], scene.box) if find[0] == scene.brand and scene.box else 0.0 for find in found}
        best = max(found, key=lambda find: overlaps[find], default=None)
        hit = best if best is not None and overlaps[best] >= OVERLAP else None
        wrong = [find for find in found if find is not hit]
        outcome = None if scene.brand is None else hit is not None
        self.seen.append(Seen(scene, outcome, overlaps[hit] if hit else 0.0, wrong))
        self.seconds.append(seconds)

    def recall(self, wanted: Callable[[Scene], bool] = lambda _: True) -> float:
        """Of the marks that are to be found in the scenes wanted."""
        return statistics.mean(seen.hit for seen in self.seen if seen.hit is not None and wanted(seen.scene))

    def precision(self) -> float:
        """Of all finds."""
        hits, wrong = sum(bool(seen.hit) for seen in self.seen), sum(len(seen.wrong) for seen in self.seen)
        return hits / (hits + wrong) if hits + wrong else 1.0

    def overlap(self) -> float:
        """Mean of the right finds' overlaps."""
        return statistics.mean([seen.overlap for seen in self.seen if seen.hit] or [0.0])

    def figures(self) -> dict[str, float]:
        """Everything, by the name of its row."""
        rows = {f"recall at {size} px": self.recall(lambda scene, size=size: scene.size == size) for size in SIZES}
        rows |= {
            f"recall from 80 px, {look}": self.recall(lambda scene, look=look: scene.look == look and scene.size >= 80)
            for look in LOOKS
        }
        wrong = sum(len(seen.wrong) for seen in self.seen)
        return rows | {
            "recall from 80 px": self.recall(lambda scene: scene.size >= 80),
            "precision": self.precision(),
            "wrong finds": float(wrong),
            "box overlap": self.overlap(),
            "ms of processor a frame (median)": 1000 * statistics.median(self.seconds),
            "ms of processor a frame (90 %)": 1000 * float(np.quantile(self.seconds, 0.9)),
        }


def iou(one: tuple[float, float, float, float], other: Box) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    inner = max(0.0, width) * max(0.0, height)
    return inner / (one[2] * one[3] + other[2] * other[3] - inner)


def pixels(box: object, width: int, height: int) -> tuple[float, float, float, float]:
    """A box in 0..1, with x, y, width and height, as pixels."""
    x, y, w, h = (float(np.float64(getattr(box, side))) for side in ("x", "y", "width", "height"))
    return x * width, y * height, w * width, h * height
