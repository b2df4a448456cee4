"""A container on a GPU that only named workloads may call. Without callers nothing runs."""

from __future__ import annotations

import pulumi
import pulumi_random as random
from pulumi_gcp import cloudrunv2 as run
from pulumi_gcp import projects, serviceaccount

from .cloud import Cloud, Component
from .function import Environment
from .identity import Identity

INVOKE = "roles/run.invoker"
SCALE = ("run.services.get", "run.services.update")  # a role of our own: roles/run.developer may delete it, too
ACT_AS = "roles/iam.serviceAccountUser"  # whoever changes a service must be allowed what it is allowed
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
        self._identity = identity
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
            # Its least number of instances is housekeep's to set, while streams are live.
            opts=pulumi.ResourceOptions.merge(
                self.child(self.settled(name, identity.grants)), pulumi.ResourceOptions(ignore_changes=["scaling"])
            ),
        )
        self.uri = self.service.uri
        self.full_name = self.service.id
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> pulumi.Resource:
        """Lets `member` call it."""
        return self._in_service(f"{who}-calls", member, INVOKE)

    def allow_scaling(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` keep an instance warm.

        Cloud Run knows no narrower right: who may update a service and act as its account may give it another image.
        """
        name = f"{self.pulumi_resource_name}-{who}-acts"
        account = self._identity.account
        acts = serviceaccount.IAMMember(
            name, service_account_id=account.name, role=ACT_AS, member=member, opts=self.child()
        )
        return [self._in_service(f"{who}-scales", member, self._scaling_role(who)), acts]

    def _scaling_role(self, who: str) -> pulumi.Output[str]:
        name = f"{self.pulumi_resource_name}-{who}-scales"
        # The id of a deleted role is refused for up to 37 days.
        unlike = random.RandomId(name, byte_length=4, opts=self.child())
        role = projects.IAMCustomRole(
            name,
            role_id=pulumi.Output.concat(self.cloud.name(name).replace("-", "_"), "_", unlike.hex),
            title=f"Media Analyzer scales {self.pulumi_resource_name} ({self.cloud.stack})",
            permissions=list(SCALE),
            opts=self.child(),
        )
        return role.name

    def _in_service(self, name: str, member: pulumi.Input[str], role: pulumi.Input[str]) -> pulumi.Resource:
        return run.ServiceIamMember(
            f"{self.pulumi_resource_name}-{name}",
            project=self.cloud.project,
            location=self.cloud.region,
            name=self.service.name,
            role=role,
            member=member,
            opts=self.child(),
        )
