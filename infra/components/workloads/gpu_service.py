"""A container on a GPU that only named workloads may call. Without calls nothing runs."""

from __future__ import annotations

import pulumi
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .function import Environment

INVOKE = "roles/run.invoker"
GPU = "nvidia-l4"
SMALLEST = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}  # Cloud Run gives an L4 to no less


class GpuService(Component):
    """One L4 per instance. An instance is billed from its start until it is let go, busy or not."""

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
    ) -> None:
        """It answers `GET /health` on port 8080 once its model is loaded, within four minutes."""
        super().__init__(name, cloud)
        cloud.quota.take(name, max_instances, SMALLEST["cpu"], SMALLEST["memory"])
        self.service = run.Service(
            name,
            name=cloud.name(name),
            location=cloud.region,
            ingress="INGRESS_TRAFFIC_ALL",  # internal would cut off functions without a VPC; IAM says who may call
            deletion_protection=False,
            template=run.ServiceTemplateArgs(
                service_account=identity.email,
                timeout="60s",
                max_instance_request_concurrency=concurrency,
                scaling=run.ServiceTemplateScalingArgs(min_instance_count=0, max_instance_count=max_instances),
                node_selector=run.ServiceTemplateNodeSelectorArgs(accelerator=GPU),
                gpu_zonal_redundancy_disabled=True,  # half the price, and the quota that a new project has
                containers=[
                    run.ServiceTemplateContainerArgs(
                        image=image,
                        envs=[
                            run.ServiceTemplateContainerEnvArgs(name=k, value=v) for k, v in environment.plain.items()
                        ],
                        ports=run.ServiceTemplateContainerPortsArgs(container_port=8080),
                        resources=run.ServiceTemplateContainerResourcesArgs(
                            limits=SMALLEST, cpu_idle=False, startup_cpu_boost=True
                        ),
                        startup_probe=run.ServiceTemplateContainerStartupProbeArgs(
                            http_get=run.ServiceTemplateContainerStartupProbeHttpGetArgs(path="/health", port=8080),
                            period_seconds=2,
                            failure_threshold=120,
                        ),
                    )
                ],
            ),
            opts=self.child(self.settled(name, identity.grants)),
        )
        self.uri = self.service.uri
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> pulumi.Resource:
        """Lets `member` call it."""
        return run.ServiceIamMember(
            f"{self.pulumi_resource_name}-{who}-calls",
            project=self.cloud.project,
            location=self.cloud.region,
            name=self.service.name,
            role=INVOKE,
            member=member,
            opts=self.child(),
        )
