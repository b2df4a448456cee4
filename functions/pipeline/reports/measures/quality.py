"""Quality: one figure of the others, whose formula and every input a report prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WEIGHTS: Mapping[str, float] = {
    "size": 0.30,
    "position": 0.20,
    "visibility": 0.15,
    "solus": 0.15,
    "duration": 0.10,
    "sharpness": 0.10,
}
"""The factors, each 0..1, and their weights."""
FORMULA = (
    "quality = 100 × (0.30 size + 0.20 position + 0.15 visibility + 0.15 solus + 0.10 duration + 0.10 sharpness), each "
    "0 to 1; a factor that is not known is left out, and the sum is divided by the weights of the others."
)


def quality(told: Mapping[str, Any]) -> dict[str, Any]:
    """`quality`: the index, 0..100 or null, and its factors, from the figures of the measures."""
    factors = {name: told[name] for name in WEIGHTS}
    known = {name: value for name, value in factors.items() if value is not None}
    whole = sum(WEIGHTS[name] for name in known)
    index = round(100 * sum(WEIGHTS[name] * value for name, value in known.items()) / whole, 2) if whole else None
    return {"quality": {"index": index, "factors": factors}}
