"""Lints of labels: a bill is split by them, so whatever takes labels has those of the stack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..model import Graph
from ..schema import answers, takes

NOT_OURS = {"gcp:monitoring/notificationChannel:NotificationChannel"}  # its `labels` are its address


def cost_labels(graph: Graph) -> Iterator[str]:
    """The provider gives every resource with `labels` the stack's; where a type calls them otherwise it sets them."""
    wanted = _wanted(graph)
    for resource in graph.resources.values():
        if not resource.type.startswith("gcp:"):
            continue
        fields = takes(resource.type)
        if "labels" in fields and resource.type not in NOT_OURS:
            # What the provider adds itself it shows as `effectiveLabels`.
            given = wanted if "effectiveLabels" in answers(resource.type) else resource.inputs.get("labels") or {}
            if not wanted or not wanted.items() <= given.items():
                yield f"{resource.label}: needs the labels of the stack (default_labels of the provider)"
        elif "userLabels" in fields and not (wanted.items() <= (resource.inputs.get("userLabels") or {}).items()):
            yield f"{resource.label}: needs the labels of the stack as userLabels: {dict(wanted)}"


def _wanted(graph: Graph) -> Mapping[str, str]:
    given: Any = graph.named("gcp", "gcp").inputs.get("defaultLabels") or {}
    return json.loads(given) if isinstance(given, str) else given
