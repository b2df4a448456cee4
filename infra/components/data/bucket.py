"""A private bucket: uniform access, no soft delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_gcp import storage

from ..project.cloud import Cloud, Component

RESUMABLE = ("x-goog-resumable", "x-goog-if-generation-match", "x-goog-content-length-range", "x-goog-meta-granted")


@dataclass(frozen=True, slots=True)
class Expiry:
    """Objects under `prefixes` (all, if empty) are deleted after `days`."""

    days: int
    prefixes: tuple[str, ...] = ()


class Bucket(Component):
    """A bucket that only the project's own accounts may use, and signed addresses."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        expiry: Sequence[Expiry] = (),
        methods: Sequence[str] = (),
        versions_days: int = 0,
        keep: bool = False,
    ) -> None:
        """`methods`: what pages may do with a signed address. `keep`: destroying the stack leaves it.

        `versions_days`: days for which replaced and deleted objects are kept.
        """
        super().__init__(name, cloud)
        self.bucket = storage.Bucket(
            name,
            name=cloud.global_name(name),
            location=cloud.region,
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            # Expired objects are not kept: a week of soft delete would be billed like the objects themselves.
            soft_delete_policy=storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=0),
            deletion_policy="ABANDON" if keep else "DELETE",
            force_destroy=not keep,
            versioning=storage.BucketVersioningArgs(enabled=True) if versions_days else None,
            lifecycle_rules=[*map(_rule, expiry), *([_forgotten(versions_days)] if versions_days else [])] or None,
            cors=[_cors(methods)] if methods else None,
            opts=self.child(),
        )
        self.name = self.bucket.name
        self.register_outputs({})


def _rule(expiry: Expiry) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(
        action=storage.BucketLifecycleRuleActionArgs(type="Delete"),
        condition=storage.BucketLifecycleRuleConditionArgs(
            age=expiry.days, matches_prefixes=list(expiry.prefixes) or None
        ),
    )


def _forgotten(days: int) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(
        action=storage.BucketLifecycleRuleActionArgs(type="Delete"),
        condition=storage.BucketLifecycleRuleConditionArgs(days_since_noncurrent_time=days),
    )


def _cors(methods: Sequence[str]) -> storage.BucketCorArgs:
    return storage.BucketCorArgs(
        origins=["*"],  # the signature is the right to it: the page's origin would add nothing
        methods=list(methods),
        # Cloud Storage takes this one list for what a page may send and for what it may read.
        response_headers=["Content-Type", "Content-Length", "Content-Range", "Range", "ETag", "Location", *RESUMABLE],
        max_age_seconds=3600,
    )
