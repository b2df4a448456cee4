"""Selection of a provider's detections, and naming of their brands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..domain.model import Analysis, Brand, Detection, Kind


def select(analysis: Analysis, threshold: float, brands: Iterable[Brand], wanted: Sequence[str]) -> Analysis:
    """Drops detections below `threshold`, or their brand's own; renames logos after the brand with that name, id or
    alias.

    `wanted` are ids or names of brands; unless it is empty, no other logo is kept.
    """
    if analysis.kind is not Kind.LOGO:
        return replace(analysis, detections=tuple(d for d in analysis.detections if d.confidence >= threshold))
    known = _known(brands)
    only = {known[name].id if (name := entry.casefold()) in known else name for entry in wanted}
    kept: list[Detection] = []
    for detection in analysis.detections:
        brand = known.get(detection.label.casefold())
        least = threshold if brand is None or brand.threshold is None else brand.threshold
        if detection.confidence >= least and (not only or _id(detection, brand) in only):
            kept.append(replace(detection, label=brand.name) if brand else detection)
    return replace(analysis, detections=tuple(kept))


def _known(brands: Iterable[Brand]) -> Mapping[str, Brand]:
    return {name.casefold(): brand for brand in brands for name in (*brand.aliases, brand.name, brand.id)}


def _id(detection: Detection, brand: Brand | None) -> str:
    return brand.id if brand else detection.label.casefold()
