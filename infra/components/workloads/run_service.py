"""Containers on Cloud Run, and where their images come from."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_docker_build as docker
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .function import Environment
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


class RunService(Component):
    """A public container that checks its callers itself. It costs nothing while it is not called, unless
    `min_instances` stay warm.

    Cloud Run's own check of callers is turned off instead of granted to `allUsers`: organisations refuse that grant
    (domain restricted sharing), and allow this.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        image: pulumi.Input[str],
        identity: Identity,
        environment: Environment,
        max_instances: int,
        concurrency: int,
        min_instances: int = 0,
        cpu: str = "1",
        memory: str = "1Gi",
        timeout: int = 60,
    ) -> None:
        """`concurrency` is requests at once per container, `timeout` the seconds that one may take (3600 at most).

        The container answers `GET /health` on port 8080.
        """
        super().__init__(name, cloud)
        cloud.quota.take(name, max_instances, cpu, memory)
        service = run.Service(
            name,
            name=cloud.name(name),
            location=cloud.region,
            ingress="INGRESS_TRAFFIC_ALL",
            invoker_iam_disabled=True,
            deletion_protection=False,
            template=run.ServiceTemplateArgs(
                service_account=identity.email,
                timeout=f"{timeout}s",
                max_instance_request_concurrency=concurrency,
                scaling=run.ServiceTemplateScalingArgs(
                    min_instance_count=min_instances, max_instance_count=max_instances
                ),
                containers=[
                    run.ServiceTemplateContainerArgs(
                        image=image,
                        envs=_environment(environment),
                        ports=run.ServiceTemplateContainerPortsArgs(container_port=8080),
                        resources=run.ServiceTemplateContainerResourcesArgs(
                            limits={"cpu": cpu, "memory": memory}, cpu_idle=True, startup_cpu_boost=True
                        ),
                        startup_probe=run.ServiceTemplateContainerStartupProbeArgs(
                            http_get=run.ServiceTemplateContainerStartupProbeHttpGetArgs(path="/health", port=8080),
                            period_seconds=2,
                            failure_threshold=30,
                        ),
                    )
                ],
            ),
            opts=self.child(self.settled(name, identity.grants)),
        )
        self.name = service.name
        self.uri = service.uri
        self.register_outputs({})


def _environment(environment: Environment) -> list[run.ServiceTemplateContainerEnvArgs]:
    secret = [
        run.ServiceTemplateContainerEnvArgs(
            name=variable,
            value_source=run.ServiceTemplateContainerEnvValueSourceArgs(
                secret_key_ref=run.ServiceTemplateContainerEnvValueSourceSecretKeyRefArgs(
                    secret=value.secret_id, version=value.version
                )
            ),
        )
        for variable, value in environment.secret.items()
    ]
    return [*(run.ServiceTemplateContainerEnvArgs(name=k, value=v) for k, v in environment.plain.items()), *secret]
