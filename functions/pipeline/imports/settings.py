"""Settings of uploads and imports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ..cloud.clients import storage_client
from ..domain.settings import load, setting

if TYPE_CHECKING:
    from google.cloud import storage


@dataclass(frozen=True, slots=True)
class Uploads:
    """The bucket of uploaded files, and the largest size."""

    bucket: str = setting("UPLOADS_BUCKET", "bucket of uploaded files")
    largest: int = setting("UPLOAD_MAX_BYTES", "largest file that is uploaded or imported, in bytes", 50_000_000_000)


@cache
def uploads() -> Uploads:
    """The settings of this process."""
    return load(Uploads)


@cache
def uploads_bucket() -> storage.Bucket:
    """The bucket of uploaded files."""
    return storage_client().bucket(uploads().bucket)
