"""A container on a GPU that only named workloads may call. Without calls nothing runs."""

from __future__ import annotations

import pulumi
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .workload import Environment, service

GPU = "nvidia-l4"
SMALLEST = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}  # the least that Cloud Run gives with an L4


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
        """The container answers `GET /health` on port 8080 once its model is loaded, within four minutes."""
        super().__init__(name, cloud)
        self.service = service(
            self,
            image=image,
            identity=identity,
            environment=environment,
            limits=SMALLEST,
            max_instances=max_instances,
            concurrency=concurrency,
            timeout=60,
            start_seconds=240,
            always_cpu=True,
            gpu=GPU,
        )
        self.uri = self.service.uri
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` call it."""
        return [
            run.ServiceIamMember(
                f"{self.pulumi_resource_name}-{who}-calls",
                project=self.cloud.project,
                location=self.cloud.region,
                name=self.service.name,
                role="roles/run.invoker",
                member=member,
                opts=self.child(),
            )
        ]
