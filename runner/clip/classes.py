"""What a crop may be: a brand, or none of them. A softmax must name something, so what is no brand has names too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TEMPLATES = ("a photo of the {} logo", "the {} logo", "a sign with the {} logo")
BACKGROUND = (
    "a photo of a landscape",
    "a photo of a person",
    "a photo of a street",
    "a plain surface",
    "a blurred background",
    "a texture",
)
NEAR_MISS = (
    "the logo of another company",
    "an unknown logo",
    "a part of a logo",
    "a symbol",
    "some letters",
    "a drawing of a shape",
)
NONE = (*BACKGROUND, *NEAR_MISS)
"""Prompts of what is no brand."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something to look for: `label` is what a detection says, `prompts` describe it."""

    label: str
    prompts: tuple[str, ...]


def brand(id: str, name: str, prompts: Sequence[str] = ()) -> Named:
    """A brand: its own prompts, or the templates with its name."""
    return Named(id, tuple(prompts) or tuple(template.format(name) for template in TEMPLATES))
