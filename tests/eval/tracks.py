"""Tracks: boxes of every frame of the sample clip against where its marks are, as the page shows them.

The gate chooses the frames, `gallery` looks at them, `track` follows. Besides the clip itself: a camera that is held by
hand, and a pillar that passes before the marks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import av
import cv2
import numpy as np

from emulator.emulators.vision.marks import load_marks
from emulator.paths import MEDIA
from pipeline.detection.logos import Gallery
from pipeline.domain.model import Box, Detection, Kind
from pipeline.sampling import picture
from pipeline.sampling.gate import Gate
from pipeline.sampling.gate_state import Candidate, GateState, Policy
from pipeline.tracking.follow import Shot
from pipeline.tracking.stretch import Aside, Beyond, followed, missed, paired, tracks

from .following.boxes import mixed, overlap
from .following.films import Boxes, Film, films, there_in

WIDTH, STEP = 640, 80  # pixels of a plane; ms from step to step
LOOK, SEGMENT = 5, 50  # frames from look to look, in a segment
EDGE = 2  # frames by which an appearance may begin or end elsewhere


@dataclass
class Score:
    """Overlaps of a mark in each of its frames, 0 without a box; boxes without a mark; edges: frames they are off."""

    overlaps: list[float] = field(default_factory=list[float])
    ghosts: int = 0
    edges: list[int] = field(default_factory=list[int])

    def row(self) -> dict[str, str]:
        """The figures."""
        found = np.array(self.overlaps)
        within = np.mean(np.array(self.edges) <= EDGE) if self.edges else float("nan")
        return {
            "mean overlap": f"{found.mean():.3f}",
            "0.5 and more": f"{np.mean(found >= 0.5):.1%}",
            "without a box": f"{np.mean(found == 0):.1%}",
            "box and no mark": str(self.ghosts),
            f"begins, ends within {EDGE} frames": f"{within:.0%}",
        }


def table() -> Iterator[Mapping[str, str]]:
    """One row for each film, without tracks and with them."""
    truth = json.loads((MEDIA / "sample.truth.json").read_text())
    for film in films():
        seen = Seen.of(film, truth)
        for how, boxes in (("straight lines", seen.straight()), ("tracks", seen.tracked())):
            yield {"film": film.name, "boxes": how, **_score(seen.truth, boxes).row(), "ms": f"{seen.took:.0f}"}


@dataclass
class Seen:
    """What the gate and the gallery make of a film. `took`: processor time (ms) of following one box for a second."""

    fps: int
    planes: list[np.ndarray]
    looks: list[tuple[int, list[Detection]]]
    truth: list[Boxes]
    took: float = float("nan")

    @classmethod
    def of(cls, film: Film, truth: Mapping[str, Any]) -> Seen:
        """Looks at the film, frame by frame."""
        gallery, gate_state = Gallery.load(load_marks(MEDIA / "marks")), None
        seen = cls(truth["fps"], [], [], [])
        batch: list[Candidate[np.ndarray]] = []
        with av.open(str(MEDIA / truth["clip"])) as container:
            for number, frame in enumerate(container.decode(video=0)):
                pixels = film.paint(frame.to_ndarray(format="bgr24"), number)
                height, width = pixels.shape[:2]
                gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
                small = (WIDTH, round(WIDTH * height / width))
                seen.planes.append(cv2.resize(gray, small, interpolation=cv2.INTER_AREA))
                seen.truth.append(there_in(truth, number, film.moved(number), (width, height)))
                if number % LOOK == 0:
                    plane = cv2.resize(gray, (picture.WIDTH, picture.HEIGHT), interpolation=cv2.INTER_AREA)
                    batch.append(Candidate(number / truth["fps"], np.asarray(plane, np.uint8), pixels))
                if number % SEGMENT == SEGMENT - 1:
                    gate_state = seen._sampled(gallery, batch, gate_state)
                    batch = []
        return seen

    def _sampled(
        self, gallery: Gallery, batch: Sequence[Candidate[np.ndarray]], state: GateState | None
    ) -> GateState | None:
        gate = Gate(Policy(), state, boxes=not self.looks or bool(self.looks[-1][1]))
        for chosen in gate.choose(batch):
            number = round(chosen.candidate.media_time * self.fps)
            matches = gallery.find(np.asarray(chosen.candidate.frame, np.uint8))
            self.looks.append((number, [Detection(one.brand, one.score, Kind.LOGO, one.box) for one in matches]))
        return gate.state

    def _shots(self, first: int, last: int) -> list[Shot]:
        numbers = range(first, last + 1)
        return [Shot(self._ms(number), np.asarray(self.planes[number], np.uint8)) for number in numbers]

    def _aside(self, number: int) -> Aside | None:
        if number < 0:
            return None
        at, seen = self.looks[number]
        return Aside(np.asarray(self.planes[at], np.uint8), seen)

    def _beyond(self, number: int) -> Iterator[Beyond]:
        """Of the stretch from a look to the next one."""
        (first, before), (last, after) = self.looks[number : number + 2]
        for far, near, backwards in ((number - 1, first, False), (number + 2, last, True)):
            if 0 <= far < len(self.looks):
                at, seen = self.looks[far]
                things = missed(seen, *((after, before) if backwards else (before, after)))
                if things:
                    shots = self._shots(*sorted((at, near)))
                    aside = None if backwards else self._aside(far - 1)
                    yield Beyond(shots[::-1] if backwards else shots, things, aside)

    def _ms(self, number: int) -> int:
        return round(number * 1000 / self.fps)

    def straight(self) -> list[list[tuple[str, Box]]]:
        """Boxes of each frame, joined straight; what comes or goes does so half-way."""
        shown: list[list[tuple[str, Box]]] = [[] for _ in self.planes]
        for (first, before), (last, after) in pairwise(self.looks):
            pairs = paired(before, after)
            ends = {id(one) for pair in pairs for one in pair}
            for number in range(first, last):
                share = (number - first) / (last - first)
                for one, other in pairs:
                    assert one.box and other.box
                    shown[number].append((one.label, mixed(one.box, other.box, share)))
                rest = before if share < 0.5 else after
                shown[number] += [(one.label, one.box) for one in rest if id(one) not in ends and one.box]
        return shown

    def tracked(self) -> list[list[tuple[str, Box]]]:
        """Boxes of each frame, followed from look to look."""
        shown: list[list[tuple[str, Box]]] = [[] for _ in self.planes]
        began, seconds = time.process_time(), 0.0
        for number, ((first, before), (last, after)) in enumerate(pairwise(self.looks)):
            shots, aside, beyond = self._shots(first, last), self._aside(number - 1), list(self._beyond(number))
            found = tracks(shots, before, after, followed(before, after), before=aside, beyond=beyond, step=STEP)
            seconds += len(found) * (last - first) / self.fps
            for track in found:
                for number in range(first, last):
                    if box := track.at(self._ms(number)):
                        shown[number].append((track.label, box))
        self.took = 1000 * (time.process_time() - began) / seconds
        return shown


def _score(truth: Sequence[Boxes], shown: Sequence[Sequence[tuple[str, Box]]]) -> Score:
    score = Score()
    for there, boxes in zip(truth, shown, strict=True):
        for label, box in there.items():
            score.overlaps.append(max((overlap(box, one) for name, one in boxes if name == label), default=0.0))
        score.ghosts += sum(label not in there for label, _ in boxes)
    for label in {label for there in truth for label in there}:
        really = [number for number, there in enumerate(truth) if label in there]
        said = [number for number, boxes in enumerate(shown) if any(name == label for name, _ in boxes)]
        if said:
            score.edges += [abs(said[0] - really[0]), abs(said[-1] - really[-1])]
    return score
