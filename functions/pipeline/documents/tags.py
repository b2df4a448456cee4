"""Tags that a frame is found by, in one field: one index answers every filter by kind and label, over all streams."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.model import Analysis

_MAX_LABELS, _MAX_LABEL_LENGTH = 40, 80  # of an analysis, in letters


def tags(analyses: Iterable[Analysis]) -> list[str]:
    """Tags of what was seen: of anything (":"), a kind ("logo:"), a label (":nike"), and both ("logo:nike").

    They are added to those that a frame has: where a later analysis sees less, the document itself says so.
    """
    found: set[str] = set()
    for analysis in analyses:
        surest = sorted(analysis.detections, key=lambda one: (-one.confidence, one.label))
        labels = dict.fromkeys(one.label.lower()[:_MAX_LABEL_LENGTH] for one in surest)
        for label in list(labels)[:_MAX_LABELS]:
            found |= {":", f"{analysis.kind}:", f":{label}", f"{analysis.kind}:{label}"}
    return sorted(found)
