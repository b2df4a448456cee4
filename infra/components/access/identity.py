"""Service accounts: one for each workload, with the least it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pulumi
from pulumi_gcp import projects, secretmanager, serviceaccount, storage

from ..data.bucket import Bucket
from ..data.database import Database
from ..project.cloud import Cloud, Component
from .secret import Secret


class Usable(Protocol):
    """Something that workloads use: a service to call, a job to run, a topic to publish to."""

    def allow(self, who: str, member: pulumi.Input[str]) -> Sequence[pulumi.Resource]:
        """The grants that let `member` use it; `who` makes their names."""
        ...


class Identity(Component):
    """A service account and its grants.

    `rights` are the grants to data and secrets, `grants` all of them. A workload starts after them: without them its
    first call would fail.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        roles: Sequence[str] = (),
        databases: Sequence[tuple[Database, str]] = (),
        buckets: Sequence[tuple[Bucket, str]] = (),
        prefixes: Sequence[tuple[Bucket, str, Sequence[str]]] = (),
        secrets: Sequence[Secret | None] = (),
        signs: bool = False,
        uses: Sequence[Usable | None] = (),
    ) -> None:
        """Grants `roles` in the project, a role in each of `databases` and of `buckets`, one for the objects under some
        prefixes of a bucket, and the rights to read `secrets`, to sign URLs, and to use what `uses` lists. None is left
        out."""
        super().__init__(name, cloud)
        self.account = serviceaccount.Account(
            name, account_id=cloud.name(name), display_name=f"Media Analyzer {name} ({cloud.stack})", opts=self.child()
        )
        self.email = self.account.email
        self.member = self.account.member
        self.rights: list[pulumi.Resource] = [
            *(self._in_project(role) for role in roles),
            *(self._in_database(database, role) for database, role in databases),
            *(self._in_bucket(bucket, role) for bucket, role in buckets),
            *(self._in_bucket(bucket, role, under) for bucket, role, under in prefixes),
            *(self._secret(secret) for secret in secrets if secret),
            *([self._signs()] if signs else []),
        ]
        used = [grant for one in uses if one for grant in one.allow(name, self.member)]
        self.grants: list[pulumi.Resource] = [*self.rights, *used]
        self.register_outputs({})

    def may_read(self, secret: Secret) -> None:
        """Grants it a secret that was made after this account."""
        self.grants.append(self._secret(secret))

    def _in_project(self, role: str) -> pulumi.Resource:
        return projects.IAMMember(
            f"{self.pulumi_resource_name}-{_short(role)}",
            project=self.cloud.project,
            role=role,
            member=self.member,
            opts=self.child(),
        )

    def _in_database(self, database: Database, role: str) -> pulumi.Resource:
        """Firestore's roles are granted in the project; a condition limits one to a database.

        https://cloud.google.com/firestore/docs/manage-databases#configure_per-database_access_permissions
        """
        path = pulumi.Output.concat(f"projects/{self.cloud.project}/databases/", database.name)
        return projects.IAMMember(
            f"{self.pulumi_resource_name}-{database.prefix}{_short(role)}",
            project=self.cloud.project,
            role=role,
            member=self.member,
            condition=projects.IAMMemberConditionArgs(
                title=pulumi.Output.concat("database ", database.name),
                expression=pulumi.Output.concat('resource.name == "', path, '"'),
            ),
            opts=self.child(),
        )

    def _in_bucket(self, bucket: Bucket, role: str, prefixes: Sequence[str] = ()) -> pulumi.Resource:
        return storage.BucketIAMMember(
            f"{self.pulumi_resource_name}-{bucket.pulumi_resource_name}-{_short(role)}",
            bucket=bucket.name,
            role=role,
            member=self.member,
            condition=under(bucket, prefixes) if prefixes else None,
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
        """IAM signs for a workload, which holds no private key, if it may make tokens of itself."""
        return serviceaccount.IAMMember(
            f"{self.pulumi_resource_name}-signs",
            service_account_id=self.account.name,
            role="roles/iam.serviceAccountTokenCreator",
            member=self.member,
            opts=self.child(),
        )


def under(bucket: Bucket, prefixes: Sequence[str]) -> storage.BucketIAMMemberConditionArgs:
    """Limits a role to objects under `prefixes`. Listing a bucket needs a role without a condition."""
    starts = [
        pulumi.Output.concat('resource.name.startsWith("projects/_/buckets/', bucket.name, f'/objects/{prefix}")')
        for prefix in prefixes
    ]
    return storage.BucketIAMMemberConditionArgs(
        title=f"under {', '.join(prefixes)}", expression=pulumi.Output.all(*starts).apply(" || ".join)
    )


def _short(role: str) -> str:
    return role.rsplit(".", 1)[-1]
