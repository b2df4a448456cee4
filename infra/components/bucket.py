"""A bucket: uniform access, no soft delete, private unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_gcp import storage

from .cloud import Cloud, Component

RESUMABLE = ("x-goog-resumable", "x-goog-if-generation-match")


@dataclass(frozen=True, slots=True)
class Expiry:
    """Objects under `prefixes` (all, if empty) are deleted after `days`."""

    days: int
    prefixes: tuple[str, ...] = ()


class Bucket(Component):
    """A bucket. `public`: anybody may read an object whose name they know, and nobody may list."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        public: bool = False,
        expiry: Sequence[Expiry] = (),
        origins: Sequence[str] = (),
        methods: Sequence[str] = ("GET", "HEAD"),
        website: bool = False,
        keep: bool = False,
    ) -> None:
        """`origins`: pages that may use it, by `methods`. `keep`: destroying the stack leaves it."""
        super().__init__(name, cloud)
        self.bucket = storage.Bucket(
            name,
            name=cloud.global_name(name),
            location=cloud.region,
            uniform_bucket_level_access=True,
            public_access_prevention="inherited" if public else "enforced",
            # What expires is gone: a week of soft delete would be billed like the objects themselves.
            soft_delete_policy=storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=0),
            deletion_policy="ABANDON" if keep else "DELETE",
            force_destroy=not keep,
            lifecycle_rules=[_rule(item) for item in expiry] or None,
            cors=[_cors(origins, methods)] if origins else None,
            website=storage.BucketWebsiteArgs(main_page_suffix="index.html") if website else None,
            opts=self.child(),
        )
        self.name = self.bucket.name
        if public:
            storage.BucketIAMMember(
                f"{name}-public",
                bucket=self.bucket.name,
                role="roles/storage.legacyObjectReader",
                member="allUsers",
                opts=self.child(),
            )
        self.register_outputs({})


def _rule(expiry: Expiry) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(
        action=storage.BucketLifecycleRuleActionArgs(type="Delete"),
        condition=storage.BucketLifecycleRuleConditionArgs(
            age=expiry.days, matches_prefixes=list(expiry.prefixes) or None
        ),
    )


def _cors(origins: Sequence[str], methods: Sequence[str]) -> storage.BucketCorArgs:
    return storage.BucketCorArgs(
        origins=list(origins),
        methods=list(methods),
        # Cloud Storage takes this one list for what a page may send and for what it may read.
        response_headers=["Content-Type", "Content-Length", "Content-Range", "Range", "ETag", "Location", *RESUMABLE],
        max_age_seconds=3600,
    )
