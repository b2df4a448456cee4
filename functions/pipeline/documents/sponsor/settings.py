"""The bucket of frozen reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ...cloud.clients import storage_client
from ...domain.settings import load, setting

if TYPE_CHECKING:
    from google.cloud import storage


@dataclass(frozen=True, slots=True)
class FrozenReports:
    """Of one deployment."""

    bucket: str = setting("REPORTS_BUCKET", "bucket of frozen reports, in which front may replace and delete nothing")


@cache
def frozen_reports() -> FrozenReports:
    """The settings of this process."""
    return load(FrozenReports)


@cache
def reports_bucket() -> storage.Bucket:
    """The bucket of frozen reports."""
    return storage_client().bucket(frozen_reports().bucket)
