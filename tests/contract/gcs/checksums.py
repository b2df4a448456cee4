"""Checksums as Cloud Storage writes them."""

from __future__ import annotations

import base64
import hashlib

import google_crc32c


def crc32c(data: bytes) -> str:
    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()
