"""Lints of what runs and what it leaves behind: mistakes that cost money, or fail at the first event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import variables
from ..model import Graph

BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"


def idle_costs(graph: Graph) -> Iterator[str]:
    """Nothing runs while nobody calls."""
    for function in graph.of("Function"):
        if function.inputs["serviceConfig"].get("minInstanceCount", 0) > 0:
            yield f"{function.label}: minInstanceCount must be 0"
    for service in graph.of(SERVICE):
        template = service.inputs["template"]
        if template.get("scaling", {}).get("minInstanceCount", 0) > 0:
            yield f"{service.label}: minInstanceCount must be 0"
        if template.get("nodeSelector", {}).get("accelerator"):
            continue  # Cloud Run gives a GPU only to instances whose CPU is always on
        if any(c.get("resources", {}).get("cpuIdle") is not True for c in template["containers"]):
            yield f"{service.label}: needs cpuIdle, or its CPU is billed between requests"


def retention(graph: Graph) -> Iterator[str]:
    """What streams leave behind is deleted some day."""
    for bucket in graph.of(BUCKET):
        if bucket.name in ("media", "uploads") and not bucket.inputs.get("lifecycleRules"):
            yield f"{bucket.label}: needs lifecycleRules, or it grows for ever"


def environment(graph: Graph, root: Path) -> Iterator[str]:
    """Each workload is given every variable that its source requires, and none that it does not read."""
    for workload in variables.workloads(graph, root):
        given = set(workload.declared) | workload.secret
        for name in sorted(given - set(workload.reads)):
            yield f"{workload.resource.label}: is given {name}, which its source does not read"
        for name in sorted(name for name, required in workload.reads.items() if required and name not in given):
            yield f"{workload.resource.label}: {name} is not set, and its source requires it"
