"""A job on Cloud Run: a container that runs to its end when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .function import Environment

RUN_WITH_OVERRIDES = "roles/run.jobsExecutorWithOverrides"  # an execution is told what to work on
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
        """`command` without arguments, which whoever runs it gives; `timeout` in seconds, for each attempt."""
        super().__init__(name, cloud)
        cloud.quota.take(name, 1, cpu, memory)
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
                    containers=[
                        run.JobTemplateTemplateContainerArgs(
                            image=image,
                            commands=list(command),
                            envs=_environment(environment),
                            resources=run.JobTemplateTemplateContainerResourcesArgs(
                                limits={"cpu": cpu, "memory": memory}
                            ),
                        )
                    ],
                ),
            ),
            opts=self.child(self.settled(name, identity.grants)),
        )
        self.full_name = self.job.id
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` run it, say on what, and see what became of it."""
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


def _environment(environment: Environment) -> list[run.JobTemplateTemplateContainerEnvArgs]:
    secret = [
        run.JobTemplateTemplateContainerEnvArgs(
            name=variable,
            value_source=run.JobTemplateTemplateContainerEnvValueSourceArgs(
                secret_key_ref=run.JobTemplateTemplateContainerEnvValueSourceSecretKeyRefArgs(
                    secret=value.secret_id, version=value.version
                )
            ),
        )
        for variable, value in environment.secret.items()
    ]
    plain = [run.JobTemplateTemplateContainerEnvArgs(name=k, value=v) for k, v in environment.plain.items()]
    return [*plain, *secret]
