"""What the gate is told, what it keeps, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from ..domain.model import Reason
from .budget import Bucket
from .change import Shift
from .picture import HEIGHT, WIDTH, Plane

T = TypeVar("T")


def nothing() -> Plane:
    """A plane of zeros."""
    return np.zeros((HEIGHT, WIDTH), np.uint8)


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds that must (`minimum`) and may (`maximum`) pass between frames sent on, and may while things move
    (`follow`); `change` is the share of the picture from which on something came; `calls_per_hour` is kept."""

    minimum: float = 1.0
    maximum: float = 20.0
    follow: float = 1.2
    change: float = 0.001
    calls_per_hour: float = 900.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What the gate goes on from. `analysed`: the plane of the last frame sent on, at `media_time`; `look`: the last
    one seen; `camera`: its way from one to the other; `came`: where something came since, 0 or 1; `restless`: how often
    a place was new lately, 0 to 255; `noise`: its deviation lately, in levels; `cut_at`: the last cut; `held`: the last
    look may be one."""

    media_time: float
    analysed: Plane
    look: Plane
    bucket: Bucket
    camera: Shift = Shift()
    came: Plane = field(default_factory=nothing)
    restless: Plane = field(default_factory=nothing)
    noise: float = 0.0
    cut_at: float = -1e9
    held: bool = False


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """A frame to decide on: its media time (s), its luma plane, and whatever its owner wants back."""

    media_time: float
    plane: Plane
    frame: T


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """A frame to send on, and why."""

    look: Look[T]
    reason: Reason
