"""Which of a provider's detections are kept, and under which name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..model import Analysis, Brand, Detection, Kind


def select(analysis: Analysis, threshold: float, brands: Iterable[Brand], wanted: Sequence[str]) -> Analysis:
    """Drops what is below `threshold`; gives logos the name of the brand that goes by that name or alias.

    `wanted` are ids or names of brands; where there are any, no other logo is kept.
    """
    kept = [detection for detection in analysis.detections if detection.confidence >= threshold]
    if analysis.kind is Kind.LOGO:
        known = _known(brands)
        only = {known[name].id if (name := entry.casefold()) in known else name for entry in wanted}
        kept = [
            named
            for detection in kept
            for brand in [known.get(detection.label.casefold())]
            for named in [_named(detection, brand)]
            if not only or (brand.id if brand else named.label.casefold()) in only
        ]
    return replace(analysis, detections=tuple(kept))


def _known(brands: Iterable[Brand]) -> Mapping[str, Brand]:
    return {name.casefold(): brand for brand in brands for name in (*brand.aliases, brand.name, brand.id)}


def _named(detection: Detection, brand: Brand | None) -> Detection:
    return replace(detection, label=brand.name) if brand else detection
