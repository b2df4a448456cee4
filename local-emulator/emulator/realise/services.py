"""Cloud Run services: the container's command as a process, in a tree that holds only what its image would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..environment import cloud_run, of_workload
from ..errors import Unrealisable
from ..graph import Resource
from ..process import ProcessSpec
from ..ready import http_answers
from .context import Context
from .dockerfile import Image, read_dockerfile
from .secrets import secret_value
from .trees import sync


def services(context: Context, infra: Path) -> list[ProcessSpec]:
    """What to run for each service; its tree is copied. Paths in the declaration are relative to `infra`."""
    return [_spec(context, service, infra) for service in context.graph.of("gcp:cloudrunv2/service:Service")]


def _spec(context: Context, service: Resource, infra: Path) -> ProcessSpec:
    name, port = service.outputs["name"], context.ports.port_for(service.name)
    container = _container(service)
    image = _image(context, service, container["image"], infra)
    tree = context.tree(service.name)
    sync(tree, {str(path).lstrip("/"): file.read_bytes() for path, file in image.files.items()})
    workdir = tree / str(image.workdir).lstrip("/")
    declared = {**image.env, **_declared(context, service, container)}
    env = of_workload(declared, cloud_run(name, port), context.addresses, workdir, context.home(service.name))
    command = (*(container.get("commands") or image.command), *(container.get("args") or ()))
    return ProcessSpec(
        name=service.name,
        kind="service",
        command=command,
        env={**env, "HOST": "127.0.0.1"},  # in a container it would be every address
        cwd=workdir,
        port=port,
        ready=http_answers(port, _probe_path(container)),
    )


def _container(service: Resource) -> dict[str, Any]:
    containers = service.inputs["template"]["containers"]
    if len(containers) != 1:
        raise Unrealisable(f"{service.label}: one container is supported, not {len(containers)}")
    return containers[0]


def _image(context: Context, service: Resource, ref: str, infra: Path) -> Image:
    for image in context.graph.of("docker-build:index:Image"):
        if image.outputs["ref"] == ref:
            folder = infra / image.inputs["context"]["location"]
            dockerfile = image.inputs.get("dockerfile", {}).get("location")
            return read_dockerfile(infra / dockerfile if dockerfile else folder / "Dockerfile", folder)
    raise Unrealisable(f"{service.label}: no declared docker-build Image has the ref {ref}; nothing here can run it")


def _declared(context: Context, service: Resource, container: dict[str, Any]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for entry in container.get("envs") or []:
        reference = (entry.get("valueSource") or {}).get("secretKeyRef")
        if reference:
            variables[entry["name"]] = secret_value(context.graph, reference["secret"], service, entry["name"])
        else:
            variables[entry["name"]] = entry.get("value", "")
    return variables


def _probe_path(container: dict[str, Any]) -> str:
    return ((container.get("startupProbe") or {}).get("httpGet") or {}).get("path", "/")
