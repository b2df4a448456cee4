"""The reference marks that a gallery looks for: of many brands fewer each, so that memory and time are bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..domain.model import Brand

MOST = 100
"""Marks in a gallery; each takes 7 MB."""


def chosen(brands: Iterable[Brand]) -> list[Brand]:
    """The brands that have marks, in order of their ids, each with those that are looked for: all of them, or the first
    so many of each."""
    marked = sorted((brand for brand in brands if brand.references), key=lambda brand: brand.id)[:MOST]
    most = max((len(brand.references) for brand in marked), default=1)
    while most > 1 and sum(min(len(brand.references), most) for brand in marked) > MOST:
        most -= 1
    return [replace(brand, references=brand.references[:most]) for brand in marked]
