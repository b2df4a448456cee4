"""Registries of images, which keep their last versions."""

from __future__ import annotations

import pulumi
from pulumi_gcp import artifactregistry

from ..project.cloud import Component


def registry(component: Component, name: str) -> artifactregistry.Repository:
    """The registry `name`: it keeps three versions of each image, and all that are younger than a week."""
    return artifactregistry.Repository(
        name,
        repository_id=component.cloud.name(name),
        location=component.cloud.region,
        format="DOCKER",
        cleanup_policies=[
            artifactregistry.RepositoryCleanupPolicyArgs(
                id="keep-three",
                action="KEEP",
                most_recent_versions=artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(keep_count=3),
            ),
            artifactregistry.RepositoryCleanupPolicyArgs(
                id="delete-old",
                action="DELETE",
                condition=artifactregistry.RepositoryCleanupPolicyConditionArgs(older_than="604800s"),
            ),
        ],
        opts=component.child(),
    )


def may_push(
    component: Component, name: str, repository: artifactregistry.Repository, member: pulumi.Input[str]
) -> pulumi.Resource:
    """Lets `member` push images to `repository`."""
    return artifactregistry.RepositoryIamMember(
        name,
        project=component.cloud.project,
        location=component.cloud.region,
        repository=repository.name,
        role="roles/artifactregistry.writer",
        member=member,
        opts=component.child(),
    )
