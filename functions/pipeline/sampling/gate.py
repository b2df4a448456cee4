"""The gate: chooses the frames worth sending on. Pure; its state goes from segment to segment.

Every look is compared with the last frame that was sent on, not with the look before, so that a slow change adds up
until it is seen. The kinds of change, and how long each may wait:

    another picture      a cut: at once. A change that disappears by the next look is a flash, not a cut
    something came       not explained by what was there, moved a little: the shortest interval
    the camera came on   to where a part of the picture is unknown: the shortest interval
    things moved         so that boxes are elsewhere: `follow` s, as they are followed; longer where there are no boxes
    all of it moves      each look is new, and few tell more: a multiple of the shortest interval, also for cuts
    nothing              the longest interval; what noise may hide is looked for more often

The gate learns places that never rest (a clock, leaves, a crowd); changes there do not count. As the budget runs low
every change waits longer and must be larger; the last calls are kept for cuts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import cv2
import numpy as np

from ..domain.model import Reason
from .budget import Budget
from .change import Mask, Shift, compact, moved, noise, relit, share, shift, unexplained
from .gate_state import Candidate, Chosen, GateState, Policy, nothing

T = TypeVar("T")

_SLACK = 0.001  # s: media times are rounded
_CUT = 0.2  # share of the picture that a look must not explain of the next
_MUCH = 0.05  # share that is new in a look, from which on much moves
_UNREST = 0.3  # share of looks in which much moves, from which on all does: each look is new, and few tell more
_LATELY = 0.95  # share of the unrest that is kept, per look
_IDLE = 4  # times as long may things move without boxes to follow them
_ELSEWHERE = 0.05  # share that is not near where it was: boxes would be left behind
_FORGET = 0.9  # share of restlessness and of noise that is kept, per look
_CLEAR = 1.25  # levels of noise, up to which a thing that comes is seen
_RESTLESS = 0.25  # share of looks in which a place is new, from which on it never rests


class Gate:
    """Holds `state`, None before the first look. `boxes`: the last frame sent on has boxes, which must follow moving
    things; a frame that is sent on now counts as if it had."""

    def __init__(self, policy: Policy, state: GateState | None = None, *, boxes: bool = True) -> None:
        self._policy = policy
        self._budget = Budget(policy.calls_per_hour)
        self.state = state
        self._boxes = boxes

    def choose(self, looks: Iterable[Candidate[T]], *, again: bool = False) -> Iterator[Chosen[T]]:
        """Chooses the frames to send on from a segment's looks, in order; `again`: at least the first. A cut is held
        back until the next look shows that it lasts."""
        held: Candidate[T] | None = None
        for look in looks:
            if self.state is None:
                full = self._budget.full(look.media_time)
                self.state = GateState(look.media_time, look.plane, look.plane, self._budget.taken(full))
                yield Chosen(look, Reason.FIRST)
                continue
            lasts = self.state.held and share(unexplained(self.state.analysed, look.plane, 0.0)) >= _CUT
            self.state = replace(self.state, held=False)
            if lasts and held is not None:
                yield self._sent(held, Reason.CUT)
            reason = self._see(self.state, look) or (Reason.INTERVAL if again else None)
            if lasts and held is None:
                reason = Reason.CUT  # it was the last look of the segment before
            elif reason is Reason.CUT:
                self.state = replace(self.state, held=True)
                held = look
                continue
            held, again = None, False
            if reason:
                yield self._sent(look, reason)

    def _sent(self, look: Candidate[T], reason: Reason) -> Chosen[T]:
        assert self.state is not None
        self._boxes = True
        cut_at = look.media_time if reason is Reason.CUT else self.state.cut_at
        self.state = replace(
            self.state,
            media_time=look.media_time,
            analysed=look.plane,
            bucket=self._budget.taken(self.state.bucket),
            camera=Shift(),
            came=nothing(),
            restless=nothing() if reason is Reason.CUT else self.state.restless,
            cut_at=cut_at,
        )
        return Chosen(look, reason)

    def _see(self, state: GateState, look: Candidate[T]) -> Reason | None:
        """Takes a look into the state. Returns the reason to send it on, or None."""
        plane, bucket = look.plane, self._budget.filled(state.bucket, look.media_time)
        step = shift(state.look, plane)
        before = moved(state.look, step)[0]
        deviation = noise(before, relit(before, plane))
        fresh = unexplained(state.look, plane, deviation)
        if step.any:  # only what neither explains is new: not everything moves with the camera
            fresh &= unexplained(before, plane, deviation)
        camera = state.camera + step
        camera += shift(moved(state.analysed, camera)[0], plane)  # or errors would add up
        restless = cv2.addWeighted(state.restless, _FORGET, fresh.astype(np.uint8), 255 * (1 - _FORGET), 0)
        came = np.asarray(moved(state.came, step)[0] | compact(fresh, float(restless.mean()) / 255), np.uint8)
        self.state = replace(
            state,
            look=plane,
            bucket=bucket,
            camera=camera,
            came=came,
            restless=np.asarray(restless, np.uint8),
            noise=_FORGET * state.noise + (1 - _FORGET) * deviation,
            unrest=_LATELY * state.unrest + (1 - _LATELY) * (share(fresh) >= _MUCH),
        )
        if share(fresh) >= _CUT:
            return self._cut(self.state, look.media_time)
        return self._later(self.state, look.media_time, deviation, fresh)

    def _cut(self, state: GateState, at: float) -> Reason | None:
        """A cut is sent on at once; one that follows another within the shortest interval waits like any change."""
        if at - state.cut_at < self._policy.minimum - _SLACK:
            return None
        if state.unrest >= _UNREST and at - state.media_time < self._least(state) - _SLACK:
            return None
        return Reason.CUT if self._budget.allows(state.bucket, urgent=True) else None

    def _least(self, state: GateState) -> float:
        """The shortest interval, longer while everything moves: what is between two frames is followed."""
        return self._policy.minimum * (self._policy.unrest if state.unrest >= _UNREST else 1)

    def _later(self, state: GateState, at: float, deviation: float, fresh: Mask) -> Reason | None:
        """The reason, if it is not a cut."""
        policy, age = self._policy, at - state.media_time + _SLACK
        pressure = self._budget.pressure(state.bucket)
        patience = 1 + pressure * max(0.0, self._budget.period / policy.minimum - 1)
        if age < self._least(state) * patience or not self._budget.allows(state.bucket, urgent=False):
            return None
        elsewhere = unexplained(state.analysed, state.look, deviation)
        before, unknown = moved(state.analysed, state.camera)
        # What is fresh now is still coming, half faded in: the next look shows it whole.
        new = elsewhere & (state.came > 0) & ~fresh & (state.restless < 255 * _RESTLESS)
        if unknown is not None:
            new &= unexplained(before, state.look, deviation) & ~unknown
        if share(compact(new)) >= policy.change * (1 + 4 * pressure):
            return Reason.CHANGE
        if unknown is not None and share(unknown) >= min(1.0, policy.unknown * (1 + pressure)):
            return Reason.CHANGE
        follow = max(policy.follow, policy.minimum) * (1 if self._boxes else _IDLE)
        if age >= follow * patience and share(elsewhere & ~fresh) >= _ELSEWHERE:
            return Reason.CHANGE
        longest = policy.maximum * (_CLEAR / max(_CLEAR, state.noise)) ** 2
        return Reason.INTERVAL if age >= longest * max(1.0, patience / 4) else None
