"""Buckets and objects as they are stored, independent of the API that shows them. Times are microseconds since 1970."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Bucket:
    """`fields` are what its owner declared, in the JSON API's names; `policy` its IAM policy, None until set."""

    name: str
    project: str
    metageneration: int
    created: int
    updated: int
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    policy: dict[str, Any] | None = None
    notifications: tuple[dict[str, Any], ...] = ()
    next_notification: int = 1

    @property
    def versioned(self) -> bool:
        """Whether an overwritten or deleted object is kept as a noncurrent version."""
        return bool(self.fields.get("versioning", {}).get("enabled"))

    @property
    def etag(self) -> str:
        """Changes with the metageneration."""
        return etag(self.metageneration)


@dataclass(frozen=True, slots=True)
class Content:
    """Stored bytes: where they are, how many, and their checksums in base64. Composed content has no MD5."""

    blob: str
    size: int
    crc32c: str
    md5: str | None
    components: int | None = None


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One generation of an object. `deleted` is set once it is noncurrent; `fields` are what its owner declared."""

    bucket: str
    name: str
    generation: int
    metageneration: int
    content: Content
    created: int
    updated: int
    fields: dict[str, Any]
    deleted: int | None = None

    @property
    def live(self) -> bool:
        """Whether this is the current version."""
        return self.deleted is None

    @property
    def etag(self) -> str:
        """Changes with generation and metageneration."""
        return etag(self.generation, self.metageneration)


def etag(*numbers: int) -> str:
    """Google's: base64 of a protocol buffer with the numbers as its first fields."""
    encoded = bytearray()
    for tag, number in enumerate(numbers, 1):
        encoded.append(tag << 3)
        while number > 0x7F:
            encoded.append(number & 0x7F | 0x80)
            number >>= 7
        encoded.append(number)
    return base64.b64encode(encoded).decode()
