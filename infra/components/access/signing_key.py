"""Keys with which a workload signs addresses of Cloud Storage by itself, without a call to IAM."""

from __future__ import annotations

from pulumi_gcp import storage

from ..project.cloud import Cloud, Component
from .identity import Identity
from .secret import Secret


class SigningKey(Component):
    """An HMAC key of `identity`, which may read its secret: what it signs may do what that account may do.

    `id` is public, `secret` is not.
    """

    def __init__(self, name: str, cloud: Cloud, *, identity: Identity) -> None:
        super().__init__(name, cloud)
        key = storage.HmacKey(
            name, project=cloud.project, service_account_email=identity.email, opts=self.child(identity.rights)
        )
        self.id = key.access_id
        self.secret = Secret(name, cloud, given=key.secret)
        identity.may_read(self.secret)
        self.register_outputs({})
