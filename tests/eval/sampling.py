"""Sampling: calls an hour, and seconds of brands missed, gated against one frame every second.

The detector is a perfect one: it sees exactly what is there at the sampled instant. What is missed is the sampling's,
and that of `track`, which follows things from one sampled frame to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.domain.model import Box, Detection, Kind
from pipeline.media.decode import looks, luma
from pipeline.media.decode import pictures as decoded
from pipeline.sampling import picture
from pipeline.sampling.gate import Gate
from pipeline.sampling.gate_state import Candidate, GateState, Policy
from tests.unit.sampling.clips import segment

from .following.boxes import mixed, overlap
from .sampling_clips import FPS, SECONDS, Clip, clips
from .split import Part
from .tracks import Seen

SEGMENT, STEP = 2, 0.1  # s
PER_SECOND = 5.0
POLICIES = {
    # As it was before there were tracks: boxes went straight on, so that frames had to be near.
    "straight lines": Policy(follow=1.2, unknown=0.2, unrest=1.0),
    "default": Policy(),
    # Where no box waits live for the next frame.
    "not live": Policy(follow=4.0),
    # For a report, where no boxes are drawn live.
    "report only": Policy(follow=15.0),
}
STRAIGHT = "straight lines"


@dataclass(frozen=True)
class Looked:
    """A clip as it comes out of H.264: times and small planes for the gate, all pictures for `track`."""

    times: Sequence[float]
    planes: Sequence[picture.Plane]
    pictures: list[np.ndarray]


@dataclass(frozen=True)
class Score:
    """Of one way to sample one clip. Shares of the seconds that brands are on the screen; `overlap` is the median of
    boxes that are joined linearly from sample to sample, as the page does."""

    calls_per_hour: float
    missed: float
    wrong: float
    overlap: float


def looked(clip: Clip, per_second: float = PER_SECOND) -> Looked:
    """Encodes a clip into segments and looks at them as `sample` does."""
    times: list[float] = []
    planes: list[picture.Plane] = []
    whole: list[np.ndarray] = []
    for number, pictures in enumerate(_batched(clip.pictures(), SEGMENT * FPS)):
        data = segment(pictures, FPS, {"preset": "veryfast", "crf": "26", "threads": "1"})
        whole += [np.array(luma(one.frame)) for one in decoded(data)]
        for look in looks(data, per_second, SEGMENT):
            times.append(number * SEGMENT + look.offset)
            planes.append(picture.luma(look.frame))
    return Looked(times, planes, whole)


def score(clip: Clip, sampled: Sequence[float]) -> Score:
    """What is known when `sampled` (s) are analysed, beside what is there."""
    there = inherited = missed = wrong = 0
    overlaps: list[float] = []
    truths: dict[float, Mapping[int, Box]] = {at: clip.boxes(at) for at in sampled}
    for at in np.arange(STEP / 2, SECONDS, STEP):
        before = max((one for one in sampled if one <= at), default=None)
        after = min((one for one in sampled if one > at), default=None)
        truth, said = clip.boxes(float(at)), truths[before] if before is not None else {}
        there += len(truth)
        inherited += len(said)
        missed += len(truth.keys() - said.keys())
        wrong += len(said.keys() - truth.keys())
        for number in truth.keys() & said.keys():
            later = truths[after].get(number) if after is not None else None
            share = (at - before) / (after - before) if later and before is not None and after is not None else 0.0
            overlaps.append(overlap(mixed(said[number], later or said[number], share), truth[number]))
    return Score(len(sampled) * 3600 / SECONDS, missed / there, wrong / there, float(np.median(overlaps)))


def tracked(clip: Clip, sampled: Sequence[float], pictures: Sequence[np.ndarray]) -> Score:
    """What is known once things are followed between frames that were `sampled` (s), beside what is there."""
    looks = [
        (round(at * FPS), [Detection(f"{one}", 1.0, Kind.LOGO, box) for one, box in clip.boxes(at).items()])
        for at in sampled
    ]
    there = missed = wrong = 0
    overlaps: list[float] = []
    last, held = looks[-1]
    for number, boxes in enumerate(Seen(FPS, list(pictures), looks, []).tracked()):
        # What the last frame has seen holds from there on.
        known = boxes if number < last else [(one.label, one.box) for one in held if one.box]
        truth, said = clip.boxes(number / FPS), {int(label): box for label, box in known}
        there += len(truth)
        missed += len(truth.keys() - said.keys())
        wrong += len(said.keys() - truth.keys())
        overlaps += [overlap(said[one], truth[one]) for one in truth.keys() & said.keys()]
    return Score(len(sampled) * 3600 / SECONDS, missed / there, wrong / there, float(np.median(overlaps)))


def gated(clip: Clip, seen: Looked, policy: Policy) -> list[float]:
    """When the gate sends a frame on (s), segment by segment; what was seen of a frame is known by the next segment."""
    sent: list[float] = []
    memory: GateState | None = None
    size = round(SEGMENT * PER_SECOND)
    for begin in range(0, len(seen.times), size):
        part = zip(seen.times[begin : begin + size], seen.planes[begin : begin + size], strict=True)
        gate = Gate(policy, memory, boxes=memory is None or bool(clip.boxes(memory.media_time)))
        sent += [one.candidate.media_time for one in gate.choose(Candidate(time, plane, None) for time, plane in part)]
        memory = gate.state
    return sent


def table(part: Part) -> Iterator[Mapping[str, object]]:
    """One row per clip and policy; `plain` is one frame every second."""
    for clip in clips(part):
        seen, plain = looked(clip), score(clip, [float(second) for second in range(SECONDS)])
        for name, policy in POLICIES.items():
            sampled = gated(clip, seen, policy)
            ours = score(clip, sampled) if name == STRAIGHT else tracked(clip, sampled, seen.pictures)
            yield {
                "clip": clip.name,
                "policy": name,
                "calls/h": round(ours.calls_per_hour),
                "of plain": f"{ours.calls_per_hour / plain.calls_per_hour:.1%}",
                "missed": f"{ours.missed:.1%}",
                "plain missed": f"{plain.missed:.1%}",
                "wrong": f"{ours.wrong:.1%}",
                "plain wrong": f"{plain.wrong:.1%}",
                "overlap": f"{ours.overlap:.2f}",
                "plain overlap": f"{plain.overlap:.2f}",
            }


def main() -> None:
    """Prints the table."""
    for number, row in enumerate(table(Part.REPORTING)):
        if number == 0:
            print(*(f"{name:>13}" for name in row))
        print(*(f"{value!s:>13}" for value in row.values()), flush=True)


def _batched(pictures: Iterable[np.ndarray], size: int) -> Iterator[list[np.ndarray]]:
    batch: list[np.ndarray] = []
    for one in pictures:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []


if __name__ == "__main__":
    main()
