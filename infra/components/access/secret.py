"""Secrets in Secret Manager, given or made at the first deployment."""

from __future__ import annotations

import pulumi
import pulumi_random as random
from pulumi_gcp import secretmanager

from ..project.cloud import Cloud, Component


class Secret(Component):
    """A secret with one version. `value` is its content, `version` the version that workloads are started with."""

    def __init__(self, name: str, cloud: Cloud, *, given: pulumi.Output[str] | None = None) -> None:
        """`given` is its value; without it 40 random letters and digits are made, once."""
        super().__init__(name, cloud)
        made = given or random.RandomPassword(name, length=40, special=False, opts=self.child()).result
        self.value = pulumi.Output.secret(made)
        secret = secretmanager.Secret(
            name,
            secret_id=cloud.name(name),
            replication=secretmanager.SecretReplicationArgs(auto=secretmanager.SecretReplicationAutoArgs()),
            opts=self.child(),
        )
        version = secretmanager.SecretVersion(name, secret=secret.id, secret_data=self.value, opts=self.child())
        self.id = secret.id
        self.secret_id = secret.secret_id
        self.version = version.version
        self.register_outputs({})
