"""Virtual machines: each runs one container, which its metadata names (`image`, `environment`), as a process here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rtmp import nginx

from ...errors import Unrealisable
from ...processes.process import ProcessSpec
from ...processes.ready import http_answers
from ..graph import Resource
from .context import Context
from .services import environment, lay_out, workdir


def machines(context: Context, infra: Path) -> list[ProcessSpec]:
    """The process of each machine, whose image is laid out."""
    return [_spec(context, machine, infra) for machine in context.graph.of("gcp:compute/instance:Instance")]


def nginx_takes_rtmp() -> bool:
    """Whether this machine has nginx with the RTMP module."""
    return nginx.binary() is not None and nginx.module() is not None


def _spec(context: Context, machine: Resource, infra: Path) -> ProcessSpec:
    metadata: dict[str, str] = machine.inputs.get("metadata") or {}
    if "image" not in metadata:
        raise Unrealisable(f"{machine.label}: its metadata names no image")
    pairs = (line.partition("=") for line in metadata.get("environment", "").splitlines() if line)
    container: dict[str, Any] = {
        "image": metadata["image"],
        "envs": [{"name": name, "value": value} for name, _, value in pairs],
    }
    image = lay_out(context, machine, container, infra)
    public, control = context.ports.port_for(machine.name), context.ports.port_for(f"{machine.name}-control")
    here = {"HOST": "127.0.0.1", "RTMP_PORT": str(public), "PORT": str(control)}  # in the cloud: everywhere, and 1935
    return ProcessSpec(
        name=machine.name,
        kind="machine",
        command=image.command,
        env=environment(context, machine, container, image, here),
        cwd=workdir(context, machine, image),
        port=public,
        ready=http_answers(control, "/health", below=300),
    )
