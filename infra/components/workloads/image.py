"""Images of containers, built from the repository."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_docker_build as docker

from ..project.cloud import Cloud, Component
from .registry import registry

ROOT = Path("..")  # the repository, seen from infra/


class Image(Component):
    """An image built from the repository with `dockerfile`, and the registry that keeps its last versions."""

    def __init__(self, name: str, cloud: Cloud, *, dockerfile: str) -> None:
        super().__init__(name, cloud)
        repository = registry(self, name)
        image = docker.Image(
            name,
            tags=[pulumi.Output.concat(repository.registry_uri, "/", name, ":latest")],
            context=docker.BuildContextArgs(location=str(ROOT)),
            dockerfile=docker.DockerfileArgs(location=str(ROOT / dockerfile)),
            platforms=[docker.Platform.LINUX_AMD64],
            push=True,
            build_on_preview=False,
            opts=self.child(),
        )
        self.ref = image.ref  # with the digest: another build is another revision
        self.register_outputs({})
