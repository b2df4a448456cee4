"""Google's own account of a service, as which it reads the objects that it is given the addresses of."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import projects, storage

from ..data.bucket import Bucket
from ..project.cloud import Cloud, Component
from .identity import under


class Agent(Component):
    """The account of `service`, with a role for the objects under some prefixes of a bucket.

    Workloads that ask the service to read name it among what they use: they start after its grant.
    """

    def __init__(
        self, name: str, cloud: Cloud, *, service: str, bucket: Bucket, role: str, prefixes: Sequence[str]
    ) -> None:
        super().__init__(name, cloud)
        account = projects.ServiceIdentity(name, service=f"{service}.googleapis.com", opts=self.child())
        self.grant = storage.BucketIAMMember(
            name,
            bucket=bucket.name,
            role=role,
            member=account.member,
            condition=under(bucket, prefixes),
            opts=self.child(),
        )
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """The account's own grant: those who call the service need no other."""
        return [self.grant]
