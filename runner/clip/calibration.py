"""From a margin to a confidence: what a model says with 0.8 is to be right four times of five.

The margin of a class is its logit above all others together. With slope 1 and offset 0 its sigmoid is the softmax.
A model's own figures lie in its folder as calibration.json; `emulator.sample.tiny_clip`
measures those of the model it trains.
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
        """That of a model's folder, or the plain softmax."""
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
    """The slope and offset under which `right` is likeliest (Platt's scaling), by Newton's method, halving a step that
    makes it less likely."""
    x = np.stack([margin, np.ones_like(margin)], axis=1).astype(np.float64)
    # Platt's targets: never quite sure, so that margins that part everything do not make the slope endless.
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
