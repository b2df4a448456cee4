"""Calibration: from a margin to a confidence, so that four of five detections with 0.8 are right.

The margin of a class is its logit above all others together. With slope 1 and offset 0 its sigmoid is the softmax.
A model's own figures are in its folder, as calibration.json; `emulator.sample.tiny_clip` measures those of the model
that it trains.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """confidence = sigmoid(slope × margin + offset)"""

    slope: float = 1.0
    offset: float = 0.0

    @classmethod
    def of(cls, model: str) -> Calibration:
        """The calibration in a model's folder, or the plain softmax."""
        file = Path(model) / _FILE
        return cls(**json.loads(file.read_text())) if file.is_file() else cls()

    def save(self, folder: Path) -> None:
        """Writes it beside a model."""
        (folder / _FILE).write_text(json.dumps({name: round(value, 4) for name, value in asdict(self).items()}) + "\n")

    def confidence(self, margin: Floats) -> Floats:
        """Elementwise, in 0..1."""
        scaled = np.clip(self.slope * margin + self.offset, -60, 60)
        return (1 / (1 + np.exp(-scaled))).astype(np.float32)


def fit(margin: Floats, right: NDArray[np.bool_], rounds: int = 50) -> Calibration:
    """Platt scaling: the slope and offset that make `right` most likely.

    Newton's method; halves a step that lowers the likelihood.
    """
    x = np.stack([margin, np.ones_like(margin)], axis=1).astype(np.float64)
    # Platt's targets: never quite sure, so that perfectly separated margins do not make the slope infinite.
    target = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    weights = np.zeros(2)
    for _ in range(rounds):
        seen = 1 / (1 + np.exp(-np.clip(x @ weights, -60, 60)))
        curve = (x * (seen * (1 - seen))[:, None]).T @ x + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, x.T @ (seen - target))
        while _loss(x @ (weights - step), target) > _loss(x @ weights, target) and np.abs(step).max() > 1e-9:
            step = step / 2
        weights = weights - step
    return Calibration(float(weights[0]), float(weights[1]))


def _loss(logits: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0, logits) - target * logits).mean())
