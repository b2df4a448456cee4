"""A small convolutional network that judges whether a mark is what lies under its template.

It was trained on hundreds of marks in made scenes (`tests/eval/training`), none of them among those that the
evaluation reports. It sees the template, the unmixed picture and its lightness: it knows any mark by its drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from .model import Floats

SIDE = 40  # pixels of a view
FACTS = 6  # figures beside it
WEIGHTS = Path(__file__).parent / "judge.npz"
LAYERS = ((5, 2), (3, 2), (3, 1), (3, 2))  # of convolutions: side of the kernel, stride
TOGETHER = 40  # views that are judged at once


@dataclass(frozen=True, slots=True)
class View:
    """`planes` (3, SIDE, SIDE): template and share of the mark's colour, 0..1, and lightness of mean 0 and deviation 1.
    `facts` (FACTS,): figures of the match, and of the mark's pose."""

    planes: Floats
    facts: Floats


def view(mask: Floats, alpha: Floats, pixels: Floats, onto: Floats, facts: tuple[float, ...]) -> View:
    """A view of a template `mask`, of the aligned picture, and of the map (2, 3) from the one to the other."""
    lightness = cv2.transform(pixels, np.full((1, 3), 1 / 3, np.float32))
    small = [cv2.resize(plane, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for plane in (mask, alpha, lightness)]
    planes = np.stack(small).astype(np.float32)
    planes[2] = (planes[2] - planes[2].mean()) / (planes[2].std() + 4.0)
    long, short = np.linalg.svd(onto[:, :2], compute_uv=False).tolist()
    pose = float(np.log(long / max(short, 1e-6))), float(np.log(np.sqrt(long * short) + 1e-6))
    return View(planes, np.array([*facts, *pose], np.float32))


def judge(views: Sequence[View]) -> Floats:
    """Likelihood of each, 0..1: shape (n,)."""
    made = [_judged(views[start : start + TOGETHER]) for start in range(0, len(views), TOGETHER)]
    return np.concatenate(made) if made else np.zeros(0, np.float32)


def _judged(views: Sequence[View]) -> Floats:
    weights = _weights()
    seen = np.stack([one.planes for one in views]).transpose(0, 2, 3, 1)
    for number, (side, stride) in enumerate(LAYERS):
        seen = _convolved(seen, weights[f"conv{number}.weight"], weights[f"conv{number}.bias"], side, stride)
    facts = (np.stack([one.facts for one in views]) - weights["facts.mean"]) / weights["facts.deviation"]
    flat = np.maximum(seen.reshape(len(views), -1) @ weights["hidden.weight"] + weights["hidden.bias"], 0)
    logits = np.concatenate([flat, facts], axis=1) @ weights["last.weight"] + weights["last.bias"]
    return (1 / (1 + np.exp(-logits[:, 0]))).astype(np.float32)


def _convolved(seen: Floats, weight: Floats, bias: Floats, side: int, stride: int) -> Floats:
    """A convolution with margins, then a rectifier: (n, H, W, C) with a weight of shape (side · side · C, D)."""
    margin = side // 2
    padded = np.pad(seen, ((0, 0), (margin, margin), (margin, margin), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
    count, high, wide = windows.shape[:3]
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(count * high * wide, -1)
    return np.maximum(rows @ weight + bias, 0).reshape(count, high, wide, -1)


@cache
def _weights() -> dict[str, Floats]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
