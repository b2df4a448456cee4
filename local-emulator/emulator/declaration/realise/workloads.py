"""One workload at a time: the files that it is made of, and its processes with its tree laid out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...processes.process import ProcessSpec
from ..graph import Archive, FileAsset, Graph, Resource
from . import functions, jobs, machines, services, storage
from .context import Context
from .instances import FUNCTION, SERVICE

_JOB, _MACHINE = "gcp:cloudrunv2/job:Job", "gcp:compute/instance:Instance"
_IMAGE: dict[str, Callable[[dict[str, Any]], str]] = {
    SERVICE: lambda inputs: inputs["template"]["containers"][0]["image"],
    _JOB: lambda inputs: inputs["template"]["template"]["containers"][0]["image"],
    _MACHINE: lambda inputs: inputs["metadata"]["image"],
}


def sources(graph: Graph, infra: Path) -> dict[str, frozenset[Path]]:
    """The files of each function, service, job and machine, by its name.

    A function has those of its archive, the others those of their image and its Dockerfile. Paths in the declaration
    are relative to `infra`. Raises Unrealisable for an archive or an image that is not declared.
    """
    return {workload.name: frozenset(_files(graph, workload, infra)) for workload in _all(graph)}


def fingerprint(files: Iterable[Path]) -> str:
    """Changes with the names and the contents of `files`."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def relaid(context: Context, name: str, infra: Path) -> list[ProcessSpec]:
    """The processes of the workload `name`, none for a job: its tree, or its registration, is that of its files now."""
    others = {workload.urn for workload in _all(context.graph) if workload.name != name}
    kept = {urn: resource for urn, resource in context.graph.resources.items() if urn not in others}
    alone = replace(context, graph=replace(context.graph, resources=kept))
    for function in alone.graph.of(FUNCTION):
        storage.upload(alone, functions.archive(alone.graph, function))
    jobs.jobs(alone, infra)
    return functions.functions(alone) + services.services(alone, infra) + machines.machines(alone, infra)


def _all(graph: Graph) -> list[Resource]:
    return [workload for kind in (FUNCTION, *_IMAGE) for workload in graph.of(kind)]


def _files(graph: Graph, workload: Resource, infra: Path) -> list[Path]:
    if workload.type == FUNCTION:
        source = functions.archive(graph, workload).inputs["source"]
        entries = source.entries.values() if isinstance(source, Archive) else ()
        return [entry.path for entry in entries if isinstance(entry, FileAsset)]
    image = services.image(graph, workload, _IMAGE[workload.type](workload.inputs), infra)
    return [image.dockerfile, *image.files.values()]
