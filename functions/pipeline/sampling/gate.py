"""The gate: which of the frames looked at are worth sending on. Pure; its memory goes from segment to segment.

Every look is compared with the last frame that was sent on, not with the look before, so that a slow change adds up
until it is seen. What can have happened since, and how long it may wait:

    another picture      a cut: at once. One that is gone again at the next look was a flash, and is none
    something came       not explained by what was there, moved a little: the shortest interval
    the camera came on   to where a part of the picture is unknown: the shortest interval
    things moved         so that boxes would be left behind: `follow` s
    nothing              the longest interval

What never rests (a clock, leaves, a crowd) is learnt and does not count as something that came. As the budget runs low
everything waits longer and must be larger; the last calls are kept for cuts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import cv2
import numpy as np

from ..model import Reason
from .budget import Bucket, Budget
from .change import Mask, Shift, compact, moved, noise, relit, share, shift, unexplained
from .picture import HEIGHT, WIDTH, Plane

T = TypeVar("T")

_SLACK = 0.001  # s: media times are rounded
_CUT = 0.2  # share of the picture that a look must not explain of the next
_UNKNOWN = 0.2  # share that came into view
_ELSEWHERE = 0.02  # share that is not near where it was: boxes would be left behind
_FORGET = 0.9  # of what is restless, per look
_RESTLESS = 0.25  # share of looks in which a place is new, from which on it never rests


def _nothing() -> Plane:
    return np.zeros((HEIGHT, WIDTH), np.uint8)


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds that must (`minimum`) and may (`maximum`) pass between frames sent on, and may while things move
    (`follow`); `change` is the share of the picture from which on something came; `calls_per_hour` is kept."""

    minimum: float = 1.0
    maximum: float = 15.0
    follow: float = 1.2
    change: float = 0.001
    calls_per_hour: float = 900.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What the gate goes on from. `analysed`: the plane of the last frame sent on, at `media_time`; `look`: the last
    one seen; `camera`: its way from one to the other; `came`: where something came since, 0 or 1; `restless`: how often a
    place was new lately, 0 to 255; `cut_at`: the last cut; `held`: the last look may be one."""

    media_time: float
    analysed: Plane
    look: Plane
    bucket: Bucket
    camera: Shift = Shift()
    came: Plane = field(default_factory=_nothing)
    restless: Plane = field(default_factory=_nothing)
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


class Gate:
    """Holds `memory`, None before the first look."""

    def __init__(self, policy: Policy, memory: Memory | None = None) -> None:
        self._policy = policy
        self._budget = Budget(policy.calls_per_hour)
        self.memory = memory

    def choose(self, looks: Iterable[Look[T]], *, again: bool = False) -> Iterator[Sent[T]]:
        """Those of a segment's looks, in order, to send on; `again`: the first one, though nothing changed. One is held
        back for a moment: a cut, until the next look shows that it lasts."""
        held: Look[T] | None = None
        for look in looks:
            if self.memory is None:
                full = self._budget.full(look.media_time)
                self.memory = Memory(look.media_time, look.plane, look.plane, self._budget.taken(full))
                yield Sent(look, Reason.FIRST)
                continue
            lasts = self.memory.held and share(unexplained(self.memory.analysed, look.plane, 0.0)) >= _CUT
            self.memory = replace(self.memory, held=False)
            if lasts and held is not None:
                yield self._sent(held, Reason.CUT)
            reason = self._see(self.memory, look) or (Reason.INTERVAL if again else None)
            if lasts and held is None:
                reason = Reason.CUT  # it was the last look of the segment before
            elif reason is Reason.CUT:
                self.memory = replace(self.memory, held=True)
                held = look
                continue
            held, again = None, False
            if reason:
                yield self._sent(look, reason)

    def _sent(self, look: Look[T], reason: Reason) -> Sent[T]:
        assert self.memory is not None
        cut_at = look.media_time if reason is Reason.CUT else self.memory.cut_at
        self.memory = replace(
            self.memory,
            media_time=look.media_time,
            analysed=look.plane,
            bucket=self._budget.taken(self.memory.bucket),
            camera=Shift(),
            came=_nothing(),
            restless=_nothing() if reason is Reason.CUT else self.memory.restless,
            cut_at=cut_at,
        )
        return Sent(look, reason)

    def _see(self, memory: Memory, look: Look[T]) -> Reason | None:
        """Takes a look into the memory; why it is to be sent on, or None."""
        plane, bucket = look.plane, self._budget.filled(memory.bucket, look.media_time)
        step = shift(memory.look, plane)
        before = moved(memory.look, step)[0]
        deviation = noise(before, relit(before, plane))
        fresh = unexplained(memory.look, plane, deviation)
        if step.any:  # what either explains is not new: not everything moves with the camera
            fresh &= unexplained(before, plane, deviation)
        camera = memory.camera + step
        camera += shift(moved(memory.analysed, camera)[0], plane)  # or errors would add up
        restless = cv2.addWeighted(memory.restless, _FORGET, fresh.astype(np.uint8), 255 * (1 - _FORGET), 0)
        came = np.asarray(moved(memory.came, step)[0] | compact(fresh, float(restless.mean()) / 255), np.uint8)
        self.memory = replace(
            memory, look=plane, bucket=bucket, camera=camera, came=came, restless=np.asarray(restless, np.uint8)
        )
        if share(fresh) >= _CUT:
            return self._cut(self.memory, look.media_time)
        return self._later(self.memory, look.media_time, deviation, fresh)

    def _cut(self, memory: Memory, at: float) -> Reason | None:
        """A cut is looked at at once; one that follows another within the shortest interval waits like any change."""
        if at - memory.cut_at < self._policy.minimum - _SLACK:
            return None
        return Reason.CUT if self._budget.allows(memory.bucket, urgent=True) else None

    def _later(self, memory: Memory, at: float, deviation: float, fresh: Mask) -> Reason | None:
        """Why, if not for a cut."""
        policy, age = self._policy, at - memory.media_time + _SLACK
        pressure = self._budget.pressure(memory.bucket)
        patience = 1 + pressure * max(0.0, self._budget.period / policy.minimum - 1)
        if age < policy.minimum * patience or not self._budget.allows(memory.bucket, urgent=False):
            return None
        elsewhere = unexplained(memory.analysed, memory.look, deviation)
        before, unknown = moved(memory.analysed, memory.camera)
        # What is fresh now is still coming, half faded in: the next look shows it whole.
        new = elsewhere & (memory.came > 0) & ~fresh & (memory.restless < 255 * _RESTLESS)
        if unknown is not None:
            new &= unexplained(before, memory.look, deviation) & ~unknown
        if share(compact(new)) >= policy.change * (1 + 4 * pressure):
            return Reason.CHANGE
        if unknown is not None and share(unknown) >= _UNKNOWN * (1 + pressure):
            return Reason.CHANGE
        if age >= max(policy.follow, policy.minimum) * patience and share(elsewhere & ~fresh) >= _ELSEWHERE:
            return Reason.CHANGE
        return Reason.INTERVAL if age >= policy.maximum * max(1.0, patience / 4) else None
