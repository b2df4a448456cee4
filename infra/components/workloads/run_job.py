"""Jobs on Cloud Run: containers that run to their end."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .workload import Environment

RUN_WITH_OVERRIDES = "roles/run.jobsExecutorWithOverrides"  # each execution has arguments of its own
SEE = "roles/run.viewer"  # its executions: which were started, and how they ended


class RunJob(Component):
    """A job of one task. It costs nothing while it does not run."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        image: pulumi.Input[str],
        command: Sequence[str],
        identity: Identity,
        environment: Environment,
        timeout: int,
        retries: int,
        cpu: str = "1",
        memory: str = "1Gi",
    ) -> None:
        """`command` has no arguments: they come with each execution. `timeout`: seconds of each attempt."""
        super().__init__(name, cloud)
        cloud.quota.wait(name, cpu, memory)
        container = run.JobTemplateTemplateContainerArgs(
            image=image,
            commands=list(command),
            envs=environment.entries(
                run.JobTemplateTemplateContainerEnvArgs,
                run.JobTemplateTemplateContainerEnvValueSourceArgs,
                run.JobTemplateTemplateContainerEnvValueSourceSecretKeyRefArgs,
            ),
            resources=run.JobTemplateTemplateContainerResourcesArgs(limits={"cpu": cpu, "memory": memory}),
        )
        self.job = run.Job(
            name,
            name=cloud.name(name),
            location=cloud.region,
            deletion_protection=False,
            template=run.JobTemplateArgs(
                task_count=1,
                parallelism=1,
                template=run.JobTemplateTemplateArgs(
                    service_account=identity.email,
                    timeout=f"{timeout}s",
                    max_retries=retries,
                    containers=[container],
                ),
            ),
            opts=self.child(self.settled(name, identity.grants)),
        )
        self.full_name = self.job.id
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` run it with arguments, and see its executions."""
        return [
            run.JobIamMember(
                f"{self.pulumi_resource_name}-{who}-{role.rsplit('.', 1)[-1]}",
                project=self.cloud.project,
                location=self.cloud.region,
                name=self.job.name,
                role=role,
                member=member,
                opts=self.child(),
            )
            for role in (RUN_WITH_OVERRIDES, SEE)
        ]
