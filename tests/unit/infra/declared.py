"""The program, evaluated with a given configuration, and the types of what it declares."""

from __future__ import annotations

from pathlib import Path

from emulator.declaration.graph import Graph, evaluate

ROOT = Path(__file__).parents[3]
BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"


def declare(site: Path, stack: str = "dev", **config: str) -> Graph:
    return evaluate(ROOT, project="acme-video", stack=stack, config={"siteDir": str(site), **config})


def environment(graph: Graph, service: str) -> dict[str, str | None]:
    """The variables of a service; None for a secret."""
    container = graph.named(SERVICE, service).inputs["template"]["containers"][0]
    return {entry["name"]: entry.get("value") for entry in container["envs"]}
