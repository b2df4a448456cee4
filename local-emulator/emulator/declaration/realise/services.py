"""Cloud Run services: the container's command as a process, in a tree that holds only what its image would."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import Unrealisable
from ...processes.process import ProcessSpec
from ...processes.ready import http_answers
from ..environment import cloud_run, of_workload
from ..graph import Graph, Resource
from ..images.dockerfile import Image, read_dockerfile
from ..packages.environments import Wanted
from .accounts import identity
from .context import Context
from .instances import SERVICE, Place, memory, probe, spread
from .secrets import secret_value
from .trees import sync


def services(context: Context, infra: Path) -> list[ProcessSpec]:
    """The processes of each service, whose image is laid out. Paths in the declaration are relative to `infra`."""
    return [spec for service in context.graph.of(SERVICE) for spec in _instances(context, service, infra)]


def _instances(context: Context, service: Resource, infra: Path) -> list[ProcessSpec]:
    container = single(service, service.inputs["template"]["containers"])
    image = lay_out(context, service, container, infra)

    def instance(place: Place) -> ProcessSpec:
        platform = cloud_run(service.outputs["name"], place.port)
        return ProcessSpec(
            name=place.name,
            kind="service",
            command=(*(container.get("commands") or image.command), *(container.get("args") or ())),
            # in a container it would be every address
            env={**environment(context, service, container, image, platform), "HOST": "127.0.0.1"},
            cwd=workdir(context, service, image),
            port=place.port,
            ready=http_answers(place.port, probe(service)),
            on_demand=place.on_demand,
            memory=memory(service),
        )

    return spread(context, service, instance)


def single(resource: Resource, containers: list[dict[str, Any]]) -> dict[str, Any]:
    """The one container of a service or a job. Raises Unrealisable where there are more."""
    if len(containers) != 1:
        raise Unrealisable(f"{resource.label}: one container is supported, not {len(containers)}")
    return containers[0]


def lay_out(context: Context, resource: Resource, container: dict[str, Any], infra: Path) -> Image:
    """Copies what the container's image holds to the tree of `resource`."""
    found = image(context.graph, resource, container["image"], infra)
    files = {str(path).lstrip("/"): file.read_bytes() for path, file in found.files.items()}
    sync(context.tree(resource.name), files)
    return found


def workdir(context: Context, resource: Resource, image: Image) -> Path:
    """The image's working directory in that tree."""
    return context.tree(resource.name) / str(image.workdir).lstrip("/")


def environment(
    context: Context, resource: Resource, container: dict[str, Any], image: Image, platform: Mapping[str, str]
) -> dict[str, str]:
    """The container's whole environment; its packages are installed."""
    declared = {**image.env, **_declared(context, resource, container)}
    packages = Wanted.of([image.files[path].read_text() for path in image.requirements])
    programs, home = context.programs(image.name, packages), context.home(resource.name)
    tree = workdir(context, resource, image)
    platform = {**platform, **identity(context, resource)}
    return of_workload(declared, platform, context.addresses, tree, home, programs)


def image(graph: Graph, workload: Resource, ref: str, infra: Path) -> Image:
    """The declared image that `workload` names as `ref`. Raises Unrealisable where none has that ref."""
    for declared in graph.of("docker-build:index:Image"):
        if declared.outputs["ref"] == ref:
            folder = infra / declared.inputs["context"]["location"]
            dockerfile = declared.inputs.get("dockerfile", {}).get("location")
            return read_dockerfile(infra / dockerfile if dockerfile else folder / "Dockerfile", folder)
    raise Unrealisable(f"{workload.label}: no declared docker-build Image has the ref {ref}; nothing here can run it")


def _declared(context: Context, service: Resource, container: dict[str, Any]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for entry in container.get("envs") or []:
        reference = (entry.get("valueSource") or {}).get("secretKeyRef")
        if reference:
            variables[entry["name"]] = secret_value(context.graph, reference["secret"], service, entry["name"])
        else:
            variables[entry["name"]] = entry.get("value", "")
    return variables
