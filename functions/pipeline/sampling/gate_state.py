"""The gate's policy, its state, and its choices.

`pack` keeps the state in a segment's document, a few kilobytes. It derives from the segment and the state before it, so
that a redelivered segment leaves the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from ..domain.model import Reason
from .budget import Bucket
from .change import Shift
from .picture import HEIGHT, WIDTH, Plane

T = TypeVar("T")

_COARSE = 0xF0  # how often a place was new need not be known better, and packs better so


def nothing() -> Plane:
    """A plane of zeros."""
    return np.zeros((HEIGHT, WIDTH), np.uint8)


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds that must (`minimum`) and may (`maximum`) pass between frames sent on, and may while things move
    (`follow`); `change` is the share of the picture from which on something came; `calls_per_hour` is kept.

    What lies between two frames is followed (tracking), so that these need not be as near as boxes are to be right:
    `unknown` is the share of the picture that a camera may turn to, and `unrest` the shortest interval while all of
    the picture moves, in times of `minimum`.
    """

    minimum: float = 1.0
    maximum: float = 20.0
    follow: float = 1.2
    change: float = 0.001
    calls_per_hour: float = 900.0
    unknown: float = 0.45
    unrest: float = 2.5


@dataclass(frozen=True, slots=True)
class GateState:
    """The state of the gate. `analysed`: the plane of the last frame sent on, at `media_time`; `look`: the last
    one seen; `camera`: its way from one to the other; `came`: where something came since, 0 or 1; `restless`: how often
    a place was new lately, 0 to 255; `noise`: its deviation lately, in levels; `cut_at`: the last cut; `held`: the last
    look may be one; `unrest`: how often much of a look was new lately, 0 to 1."""

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
    unrest: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A frame to decide on: its media time (s), its luma plane, and the frame itself, which the gate hands back."""

    media_time: float
    plane: Plane
    frame: T


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A frame to send on, and the reason."""

    candidate: Candidate[T]
    reason: Reason


def pack(state: GateState, revision: str) -> dict[str, Any]:
    """As fields. `revision` is that of the settings under which the last frame was sent on."""
    return {
        "media_time": state.media_time,
        "analysed": zlib.compress(state.analysed.tobytes()),
        "look": zlib.compress(state.look.tobytes()),
        "came": zlib.compress(np.packbits(state.came > 0).tobytes()),
        "restless": zlib.compress((state.restless & _COARSE).tobytes()),
        "camera": [round(state.camera.x, 3), round(state.camera.y, 3)],
        "tokens": round(state.bucket.tokens, 4),
        "tokens_at": state.bucket.at,
        "noise": round(state.noise, 3),
        "cut_at": state.cut_at,
        "held": state.held,
        "unrest": round(state.unrest, 4),
        "revision": revision,
    }


def unpack(fields: Mapping[str, Any]) -> GateState | None:
    """The memory; None if an earlier release packed other fields."""
    try:
        came = np.unpackbits(np.frombuffer(zlib.decompress(fields["came"]), np.uint8))
        return GateState(
            media_time=float(fields["media_time"]),
            analysed=_plane(zlib.decompress(fields["analysed"])),
            look=_plane(zlib.decompress(fields["look"])),
            bucket=Bucket(float(fields["tokens"]), float(fields["tokens_at"])),
            camera=Shift(*map(float, fields["camera"])),
            came=_plane(came.tobytes()),
            restless=_plane(zlib.decompress(fields["restless"])),
            noise=float(fields["noise"]),
            cut_at=float(fields["cut_at"]),
            held=bool(fields["held"]),
            unrest=float(fields.get("unrest", 0.0)),
        )
    except (KeyError, ValueError, TypeError, zlib.error):
        return None


def _plane(data: bytes) -> Plane:
    """Raises ValueError for another size."""
    return np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH)
