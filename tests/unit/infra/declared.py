"""The program, evaluated with a given configuration, and the types of what it declares."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from emulator.declaration.graph import Graph, evaluate

ROOT = Path(__file__).parents[3]
BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"


def declare(site: Path, stack: str = "dev", **config: str) -> Graph:
    """The program's graph, a copy of the caller's own. It takes a second: each configuration is evaluated once."""
    return copy.deepcopy(_evaluated(stack, tuple(sorted({"siteDir": str(site), **config}.items()))))


@cache
def _evaluated(stack: str, config: tuple[tuple[str, str], ...]) -> Graph:
    return evaluate(ROOT, project="acme-video", stack=stack, config=dict(config))


def environment(graph: Graph, service: str) -> dict[str, str | None]:
    """The variables of a service; None for a secret."""
    container = graph.named(SERVICE, service).inputs["template"]["containers"][0]
    return {entry["name"]: entry.get("value") for entry in container["envs"]}
