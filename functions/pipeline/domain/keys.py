"""Stream keys: shown once, kept as a hash, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_key() -> str:
    """A key of 160 random bits: too many to guess, so a fast hash is enough to keep it."""
    return secrets.token_urlsafe(20)


def hash_key(key: str) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def matches(key: str, key_hash: str) -> bool:
    """True if `key` hashes to `key_hash`; the time it takes reveals nothing of either."""
    return hmac.compare_digest(hash_key(key), key_hash)
