"""Buckets: create, get, list, change, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .clock import Clock
from .errors import conflict, no_bucket, not_found
from .events import configuration
from .fields import bucket_fields, check_bucket_name, merge, without_nulls
from .model import Bucket
from .store.catalog import Catalog
from .transfer.preconditions import NONE, Preconditions


class Buckets:
    """Every method raises 404 for a bucket that is not there, 412 where `conditions` do not hold."""

    def __init__(self, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    def get(self, name: str, conditions: Preconditions = NONE) -> Bucket:
        """A bucket."""
        bucket = self._catalog.bucket(name)
        if bucket is None:
            raise no_bucket(name)
        conditions.check(bucket, read=True)
        return bucket

    def find(self, name: str) -> Bucket | None:
        """A bucket, or None."""
        return self._catalog.bucket(name)

    def list(self, prefix: str = "") -> list[Bucket]:
        """All of them by name: locally there is one project, whatever it is called."""
        return [bucket for bucket in self._catalog.buckets() if bucket.name.startswith(prefix)]

    def create(self, name: str, project: str, resource: Mapping[str, Any]) -> Bucket:
        """A new bucket. Raises 400, and 409 where there is one."""
        if self._catalog.bucket(check_bucket_name(name)):
            message = "Your previous request to create the named bucket succeeded and you already own it."
            raise conflict(message, "BucketAlreadyOwnedByYou")
        now = self._clock.now()
        bucket = Bucket(name, project, 1, now, now, without_nulls(bucket_fields(resource)))
        self._catalog.save_bucket(bucket)
        return bucket

    def change(
        self, name: str, resource: Mapping[str, Any], conditions: Preconditions = NONE, *, whole: bool = False
    ) -> Bucket:
        """PATCH, or with `whole` PUT, of what was declared. Raises 400."""
        bucket = self._current(name, conditions)
        fields = bucket_fields(resource)
        return self._save(bucket, fields=without_nulls(fields) if whole else merge(bucket.fields, fields))

    def set_policy(self, name: str, policy: dict[str, Any]) -> Bucket:
        """Replaces the IAM policy."""
        return self._save(self.get(name), policy=policy)

    def delete(self, name: str, conditions: Preconditions = NONE) -> None:
        """Raises 409 unless it is empty of all versions."""
        self._current(name, conditions)
        if any(self._catalog.scan(name, ("", 0), versions=True)):
            raise conflict("The bucket you tried to delete is not empty.", "BucketNotEmpty")
        self._catalog.drop_bucket(name)

    def add_notification(self, name: str, resource: Mapping[str, Any], base: str) -> dict[str, Any]:
        """A notification configuration. Raises 400."""
        bucket = self.get(name)
        config = configuration(resource, bucket.next_notification, name, base)
        self._catalog.save_bucket(
            replace(
                bucket,
                notifications=(*bucket.notifications, config),
                next_notification=bucket.next_notification + 1,
            )
        )
        return config

    def notification(self, name: str, number: str) -> dict[str, Any]:
        """A notification configuration by its id. Raises 404."""
        for config in self.get(name).notifications:
            if config["id"] == number:
                return config
        raise not_found(f"The specified notification {number!r} does not exist.")

    def drop_notification(self, name: str, number: str) -> None:
        """Removes a notification configuration."""
        gone = self.notification(name, number)
        bucket = self.get(name)
        left = tuple(config for config in bucket.notifications if config is not gone)
        self._catalog.save_bucket(replace(bucket, notifications=left))

    def _current(self, name: str, conditions: Preconditions) -> Bucket:
        bucket = self.get(name)
        conditions.check(bucket)
        return bucket

    def _save(self, bucket: Bucket, **changes: Any) -> Bucket:
        changed = replace(bucket, metageneration=bucket.metageneration + 1, updated=self._clock.now(), **changes)
        self._catalog.save_bucket(changed)
        return changed
