"""Keys of services that people hand in: sealed where they are kept, opened where they are sent.

`front` seals, and it, the functions that call providers and `deliver` open; they alone have PROVIDER_SECRET. A sealed
key is bound to the address, or the channel, that it was given for: at another one it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from ...domain.errors import BadRequest, Unavailable

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

MOST = 500
"""Characters of a key."""


def seal(key: str, address: str, secret: str) -> str:
    """`key` as it may be stored. Raises BadRequest where no header could carry it, or this deployment has no secret."""
    if len(key) > MOST or not (key.isascii() and key.isprintable()):
        raise BadRequest(f"invalid key of {len(key)} characters: expected at most {MOST}, printable ASCII")
    if not secret:
        raise BadRequest("keys cannot be kept: this deployment has no PROVIDER_SECRET")
    return _box(secret).encrypt(json.dumps([address, key]).encode()).decode()


def unseal(sealed: str, address: str, secret: str) -> str:
    """The key that was sealed for `address`. Raises Unavailable where it was not, or with another secret."""
    from cryptography.fernet import InvalidToken  # here: few calls need it

    try:
        bound, key = json.loads(_box(secret).decrypt(sealed.encode()))
    except InvalidToken:
        raise Unavailable("the key cannot be opened: set it again") from None
    if bound != address:
        raise Unavailable("the key was given for another address: set it again")
    return key


def _box(secret: str) -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"provider keys {secret}".encode()).digest()))
