"""Who a workload is, and what it may do: one service account each, with the least it needs."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import projects, secretmanager, serviceaccount, storage

from ..data.bucket import Bucket
from ..project.cloud import Cloud, Component
from .secret import Secret


class Identity(Component):
    """A service account and its grants. A workload starts after `grants`: without them its first call would fail."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        roles: Sequence[str] = (),
        buckets: Sequence[tuple[Bucket, str]] = (),
        prefixes: Sequence[tuple[Bucket, str, Sequence[str]]] = (),
        secrets: Sequence[Secret] = (),
        signs: bool = False,
    ) -> None:
        """`roles` in the project, a role in each of `buckets`, one for the objects under some prefixes of a bucket, the
        right to read `secrets`, and to sign URLs."""
        super().__init__(name, cloud)
        self.account = serviceaccount.Account(
            name, account_id=cloud.name(name), display_name=f"Media Analyzer {name} ({cloud.stack})", opts=self.child()
        )
        self.email = self.account.email
        self.member = self.account.member
        self.grants: list[pulumi.Resource] = [
            *(self._in_project(role) for role in roles),
            *(self._in_bucket(bucket, role) for bucket, role in buckets),
            *(self._in_bucket(bucket, role, under) for bucket, role, under in prefixes),
            *(self._secret(secret) for secret in secrets),
            *([self._signs()] if signs else []),
        ]
        self.register_outputs({})

    def may_read(self, secret: Secret) -> None:
        """Grants it a secret that was made after it."""
        self.grants.append(self._secret(secret))

    def _in_project(self, role: str) -> pulumi.Resource:
        return projects.IAMMember(
            f"{self.pulumi_resource_name}-{_short(role)}",
            project=self.cloud.project,
            role=role,
            member=self.member,
            opts=self.child(),
        )

    def _in_bucket(self, bucket: Bucket, role: str, prefixes: Sequence[str] = ()) -> pulumi.Resource:
        return storage.BucketIAMMember(
            f"{self.pulumi_resource_name}-{bucket.pulumi_resource_name}-{_short(role)}",
            bucket=bucket.name,
            role=role,
            member=self.member,
            condition=_under(bucket, prefixes) if prefixes else None,
            opts=self.child(),
        )

    def _secret(self, secret: Secret) -> pulumi.Resource:
        return secretmanager.SecretIamMember(
            f"{self.pulumi_resource_name}-{secret.pulumi_resource_name}",
            secret_id=secret.id,
            role="roles/secretmanager.secretAccessor",
            member=self.member,
            opts=self.child(),
        )

    def _signs(self) -> pulumi.Resource:
        """A workload holds no private key: IAM signs for it, if it may make tokens of itself."""
        return serviceaccount.IAMMember(
            f"{self.pulumi_resource_name}-signs",
            service_account_id=self.account.name,
            role="roles/iam.serviceAccountTokenCreator",
            member=self.member,
            opts=self.child(),
        )


def _under(bucket: Bucket, prefixes: Sequence[str]) -> storage.BucketIAMMemberConditionArgs:
    """Of what a role allows, only that which is done to objects: what lists a bucket needs a role without prefixes."""
    starts = [
        pulumi.Output.concat('resource.name.startsWith("projects/_/buckets/', bucket.name, f'/objects/{prefix}")')
        for prefix in prefixes
    ]
    return storage.BucketIAMMemberConditionArgs(
        title=f"under {', '.join(prefixes)}", expression=pulumi.Output.all(*starts).apply(" || ".join)
    )


def _short(role: str) -> str:
    return role.rsplit(".", 1)[-1]
