"""The classes of a crop: each brand, and prompts for everything else, since a softmax must choose something."""

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
"""Prompts for crops without one of the brands."""


@dataclass(frozen=True, slots=True)
class Named:
    """A class to look for: `label` names it in a detection, `prompts` describe it."""

    label: str
    prompts: tuple[str, ...]


def brand(id: str, name: str, prompts: Sequence[str] = ()) -> Named:
    """The class of a brand: with its own prompts, or the templates filled with its name."""
    return Named(id, tuple(prompts) or tuple(template.format(name) for template in TEMPLATES))
