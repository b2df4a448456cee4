"""Lints of what runs and what it leaves behind: mistakes that cost money, or fail at the first event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import variables
from ..model import Graph, Resource

BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"
JOB = "gcp:cloudrunv2/job:Job"
# vCPU of a container, and the least and the most GiB that it may have with them; in between, what the next lower
# step has.
# https://cloud.google.com/run/docs/configuring/services/cpu
MEMORY = {0.08: (0.125, 0.5), 0.5: (0.125, 1), 1: (0.125, 4), 2: (0.125, 8), 4: (2, 16), 6: (4, 24), 8: (4, 32)}


def idle_costs(graph: Graph) -> Iterator[str]:
    """Nothing runs while there are no requests."""
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


def sizes(graph: Graph) -> Iterator[str]:
    """Each container has an amount of memory that Cloud Run gives to its CPUs, and less than one takes one request."""
    for resource, cpu, memory, concurrency in _sizes(graph):
        if cpu > 1 and cpu not in MEMORY:
            yield f"{resource.label}: has {cpu:g} vCPU: 1, 2, 4, 6 and 8 can be had, or less than 1"
            continue
        least, most = MEMORY[max(step for step in MEMORY if step <= cpu)]
        if not least <= memory <= most:
            yield f"{resource.label}: has {memory:g} GiB with {cpu:g} vCPU: {least:g} to {most:g} can be had"
        if cpu < 1 and concurrency != 1:
            yield f"{resource.label}: takes {concurrency} requests at once with {cpu:g} vCPU: below 1 it must be one"


def _sizes(graph: Graph) -> Iterator[tuple[Resource, float, float, int]]:
    """vCPU, GiB and requests at once of the containers of every function, service and job."""
    for function in graph.of("Function"):
        config = function.inputs["serviceConfig"]
        cpu, memory = float(config["availableCpu"]), _gib(config["availableMemory"])
        yield function, cpu, memory, config["maxInstanceRequestConcurrency"]
    for service in graph.of(SERVICE):
        template = service.inputs["template"]
        limits = template["containers"][0]["resources"]["limits"]
        yield service, float(limits["cpu"]), _gib(limits["memory"]), template["maxInstanceRequestConcurrency"]
    for job in graph.of(JOB):
        limits = job.inputs["template"]["template"]["containers"][0]["resources"]["limits"]
        yield job, float(limits["cpu"]), _gib(limits["memory"]), 1


def _gib(memory: str) -> float:
    return float(memory[:-2]) / {"Mi": 1024, "Gi": 1}[memory[-2:]]


def retention(graph: Graph) -> Iterator[str]:
    """Each bucket and collection of streams deletes old data."""
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
