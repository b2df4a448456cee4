"""Parts that functions, services and jobs share: variables, containers, the service itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..access.secret import Secret
from ..project.cloud import Component

PORT = 8080  # Cloud Run's own choice, and that of our containers
PROBE_SECONDS = 2

_Env = TypeVar("_Env")


class Environment:
    """Variables of a workload: `plain` in the clear, `secret` from Secret Manager."""

    def __init__(
        self, plain: Mapping[str, pulumi.Input[str] | None], secret: Mapping[str, Secret | None] | None = None
    ) -> None:
        """A variable whose value is None is left out."""
        self.plain = {name: value for name, value in plain.items() if value is not None}
        self.secret = {name: value for name, value in (secret or {}).items() if value is not None}

    def entries(self, env: Callable[..., _Env], source: Callable[..., Any], key: Callable[..., Any]) -> list[_Env]:
        """The variables as Cloud Run takes them. The arguments are the three classes of the SDK for an entry, its
        source and the key of a secret; services and jobs have their own."""
        return [
            *(env(name=name, value=value) for name, value in self.plain.items()),
            *(
                env(name=name, value_source=source(secret_key_ref=key(secret=one.secret_id, version=one.version)))
                for name, one in self.secret.items()
            ),
        ]


def service(
    component: Component,
    *,
    image: pulumi.Input[str],
    identity: Identity,
    environment: Environment,
    limits: Mapping[str, str],
    max_instances: int,
    concurrency: int,
    timeout: int,
    start_seconds: int,
    min_instances: int = 0,
    always_cpu: bool = False,
    public: bool = False,
    gpu: str | None = None,
) -> run.Service:
    """A service with the name of `component` and one container, which answers `GET /health` on port 8080 within
    `start_seconds` after its start.

    `limits` are `cpu`, `memory` and what else an instance gets; `always_cpu`: it has its CPUs between requests too.
    `timeout`: seconds of a request. `public`: Cloud Run lets every caller in, else those with a grant. `gpu`: the type
    of its one GPU.
    """
    name, cloud = component.pulumi_resource_name, component.cloud
    cloud.quota.take(name, max_instances, limits["cpu"], limits["memory"])
    container = run.ServiceTemplateContainerArgs(
        image=image,
        envs=environment.entries(
            run.ServiceTemplateContainerEnvArgs,
            run.ServiceTemplateContainerEnvValueSourceArgs,
            run.ServiceTemplateContainerEnvValueSourceSecretKeyRefArgs,
        ),
        ports=run.ServiceTemplateContainerPortsArgs(container_port=PORT),
        resources=run.ServiceTemplateContainerResourcesArgs(
            limits=limits, cpu_idle=not always_cpu, startup_cpu_boost=True
        ),
        startup_probe=run.ServiceTemplateContainerStartupProbeArgs(
            http_get=run.ServiceTemplateContainerStartupProbeHttpGetArgs(path="/health", port=PORT),
            period_seconds=PROBE_SECONDS,
            failure_threshold=start_seconds // PROBE_SECONDS,
        ),
    )
    return run.Service(
        name,
        name=cloud.name(name),
        location=cloud.region,
        ingress="INGRESS_TRAFFIC_ALL",  # internal would cut off functions without a VPC; IAM decides who may call
        invoker_iam_disabled=public or None,
        deletion_protection=False,
        template=run.ServiceTemplateArgs(
            service_account=identity.email,
            timeout=f"{timeout}s",
            max_instance_request_concurrency=concurrency,
            scaling=run.ServiceTemplateScalingArgs(min_instance_count=min_instances, max_instance_count=max_instances),
            node_selector=run.ServiceTemplateNodeSelectorArgs(accelerator=gpu) if gpu else None,
            # Without redundancy: half the price, and the quota that a new project has.
            gpu_zonal_redundancy_disabled=True if gpu else None,
            containers=[container],
        ),
        opts=component.child(component.settled(name, identity.grants)),
    )
