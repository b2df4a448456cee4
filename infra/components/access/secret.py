"""Secrets in Secret Manager, given or made at the first deployment."""

from __future__ import annotations

from functools import partial

import pulumi
import pulumi_random as random
from pulumi_gcp import secretmanager

from ..project.cloud import Cloud, Component

LEAST = 24
"""Characters of a given key: one that a person thinks up is guessed sooner or later."""


class Secret(Component):
    """A secret with one version. `value` is its content, `version` the version that workloads are started with."""

    def __init__(self, name: str, cloud: Cloud, *, given: pulumi.Output[str] | None = None) -> None:
        """`given` is its value, of 24 characters or more; without it 40 random letters and digits are made, once."""
        super().__init__(name, cloud)
        made = (
            given.apply(partial(_long, name))
            if given
            else random.RandomPassword(name, length=40, special=False, opts=self.child()).result
        )
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


def _long(name: str, given: str) -> str:
    if len(given) < LEAST:
        raise ValueError(f"invalid {name} of {len(given)} characters: expected {LEAST} or more")
    return given
