"""The judge of what a page drew: the time code and the marks burnt into the picture itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# s: a mark that just came or went is known only from the next sampled frame on.
EDGE = 1.3


@dataclass(frozen=True)
class Verdict:
    """Over all frames that were read in time: how far the overlay's time is from the picture's (in frames), and box
    overlaps."""

    errors: list[float]
    overlaps: dict[str, list[float]]
    missing: list[str]
    wrong: list[str]
    settled: int


def overlap(a: dict[str, float], b: dict[str, float]) -> float:
    """Intersection over union of two boxes."""
    width = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    height = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (a["width"] * a["height"] + b["width"] * b["height"] - both)


def box_at(track: list[dict[str, float]], time: float) -> dict[str, float]:
    """Where a mark is at `time` (s of the clip): points of its track joined linearly."""
    for before, after in pairwise(track):
        if before["t"] <= time <= after["t"]:
            share = (time - before["t"]) / (after["t"] - before["t"])
            return {k: before[k] + share * (after[k] - before[k]) for k in ("x", "y", "width", "height")}
    return track[0] if time < track[0]["t"] else track[-1]


def judge(observed: list[dict[str, Any]], truth: dict[str, Any]) -> Verdict:
    """Holds each presented frame against the ground truth of the frame that its own pixels say it is.

    Those that were read when the next one was up say nothing.
    """
    total = round(truth["duration"] * truth["fps"])
    errors: list[float] = []
    overlaps: dict[str, list[float]] = {}
    missing: list[str] = []
    wrong: list[str] = []
    settled = 0
    for frame in observed:
        if frame["late"]:
            continue
        assert frame["frame"] is not None, f"no time code in the picture at {frame['sessionTime']}"
        drawn = (frame["sessionTime"] * truth["fps"]) % total
        error = abs(drawn - frame["frame"])
        errors.append(min(error, total - error))
        if frame["status"] != "covered" or not frame["settled"]:
            continue
        settled += 1
        time = frame["frame"] / truth["fps"]
        logos = [box for box in frame["boxes"] if box["kind"] == "logo"]
        for seen in truth["appearances"]:
            mine = [box for box in logos if box["label"] == seen["label"]]
            if seen["from"] + EDGE <= time <= seen["to"] - EDGE:
                if mine:
                    expected = box_at(seen["track"], time)
                    overlaps.setdefault(seen["label"], []).append(max(overlap(box, expected) for box in mine))
                else:
                    missing.append(f"{seen['label']} at {time:.2f}")
        allowed = {s["label"] for s in truth["appearances"] if s["from"] - EDGE <= time <= s["to"] + EDGE}
        wrong += [f"{box['label']} at {time:.2f}" for box in logos if box["label"] not in allowed]
    return Verdict(errors, overlaps, missing, wrong, settled)
