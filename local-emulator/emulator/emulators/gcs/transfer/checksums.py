"""CRC32C and MD5: computed as the bytes pass, compared with what the client says they should be."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import google_crc32c

from ..errors import ApiError, bad_request
from ..model import Content


class Checksums:
    """Both checksums of a stream of bytes."""

    def __init__(self) -> None:
        self._crc32c = 0
        self._md5 = hashlib.md5(usedforsecurity=False)

    def update(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._crc32c = google_crc32c.extend(self._crc32c, data)
        self._md5.update(data)

    @property
    def crc32c(self) -> str:
        """Base64 of the big-endian value, as resources have it."""
        return base64.b64encode(self._crc32c.to_bytes(4, "big")).decode()

    @property
    def md5(self) -> str:
        """Base64 of the digest."""
        return base64.b64encode(self._md5.digest()).decode()


@dataclass(frozen=True, slots=True)
class Expected:
    """The checksums that the client states, in base64; None if it states none."""

    crc32c: str | None = None
    md5: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str], resource: Mapping[str, Any]) -> Expected:
        """From `x-goog-hash` and `Content-MD5`, and from an object resource. Headers win. Raises 400."""
        stated: dict[str, str] = {}
        for item in headers.get("x-goog-hash", "").split(","):
            name, _, value = item.strip().partition("=")
            if value:
                stated[name.lower()] = value
        crc32c = stated.get("crc32c") or resource.get("crc32c")
        md5 = stated.get("md5") or headers.get("content-md5") or resource.get("md5Hash")
        return cls(_checked("CRC32C", crc32c, 4), _checked("MD5", md5, 16))

    def over(self, other: Expected) -> Expected:
        """These, and where they say nothing the other's."""
        return Expected(self.crc32c or other.crc32c, self.md5 or other.md5)

    def verify(self, content: Content) -> None:
        """Raises 400 where the bytes are not what the client says."""
        _compare("CRC32C", self.crc32c, content.crc32c)
        _compare("MD5 hash", self.md5, content.md5)


def md5_hex(md5: str) -> str:
    """The hexadecimal digest that the XML API uses as ETag."""
    return base64.b64decode(md5).hex()


def _checked(name: str, value: str | None, length: int) -> str | None:
    if value is None:
        return None
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != length:
        raise bad_request(f"Invalid {name} {value!r}: it must be base64 of {length} bytes.", xml="InvalidDigest")
    return value


def _compare(name: str, stated: str | None, computed: str | None) -> None:
    if stated is not None and computed is not None and stated != computed:
        message = f'Provided {name} "{stated}" doesn\'t match calculated {name} "{computed}".'
        raise ApiError(400, "invalid", message, xml="BadDigest")
