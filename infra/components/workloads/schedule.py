"""A function that a timer calls."""

from __future__ import annotations

from pulumi_gcp import cloudscheduler

from ..access.identity import Identity
from ..project.cloud import Cloud
from .function import Function, FunctionArgs


class ScheduledFunction(Function):
    """A function that Cloud Scheduler calls at `cron` (UTC), as the only account that may."""

    def __init__(self, name: str, cloud: Cloud, args: FunctionArgs, *, cron: str) -> None:
        """A call that fails is not repeated: the next one comes by itself."""
        super().__init__(name, cloud, args)
        timer = Identity("timer", cloud)
        grant = self.allow("timer", timer.member)
        cloudscheduler.Job(
            name,
            name=cloud.name(name),
            region=cloud.region,
            schedule=cron,
            time_zone="Etc/UTC",
            attempt_deadline=f"{args.size.timeout}s",
            http_target=cloudscheduler.JobHttpTargetArgs(
                uri=self.uri,
                http_method="POST",
                oidc_token=cloudscheduler.JobHttpTargetOidcTokenArgs(
                    service_account_email=timer.email, audience=self.uri
                ),
            ),
            opts=self.child(self.settled(f"{name}-timer", grant)),
        )
        self.register_outputs({})
