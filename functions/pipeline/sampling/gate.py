"""The gate: which of the frames looked at are worth sending on. Pure.

Every look is compared with the last frame that was sent on, not with the look before, so that a slow change adds up
until it is seen. Two measures, either of which is enough: how much of the picture changed (something appeared, moved or
left), and the mean difference (a fade, a change of light).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..model import Reason
from .picture import HEIGHT, WIDTH, Plane

_BLOCK = 5  # of a luma plane: 16x9 blocks
_CHANGED = 10.0  # levels of 255 by which a block's mean must differ
_SLACK = 0.001  # s: media times are rounded


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds that must and may pass between frames sent on; `share` of the blocks, and `mean` levels of 255, from
    which on a picture has changed."""

    minimum: float = 1.0
    maximum: float = 4.0
    share: float = 0.02
    mean: float = 6.0


@dataclass(frozen=True, slots=True)
class Analysed:
    """The last frame that was sent on."""

    media_time: float
    plane: Plane


def decide(last: Analysed | None, media_time: float, plane: Plane, policy: Policy) -> Reason | None:
    """Why the frame of `media_time` is to be sent on, or None."""
    if last is None:
        return Reason.FIRST
    age = media_time - last.media_time
    if age < policy.minimum - _SLACK:
        return None
    if changed(last.plane, plane, policy):
        return Reason.CHANGE
    return Reason.INTERVAL if age >= policy.maximum - _SLACK else None


def changed(before: Plane, now: Plane, policy: Policy) -> bool:
    """Whether two pictures differ by more than noise."""
    share = float(np.mean(np.abs(_blocks(now) - _blocks(before)) > _CHANGED))
    return share >= policy.share or float(np.mean(cv2.absdiff(before, now))) >= policy.mean


def _blocks(plane: Plane) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return plane.reshape(HEIGHT // _BLOCK, _BLOCK, WIDTH // _BLOCK, _BLOCK).mean(axis=(1, 3), dtype=np.float64)
