"""Access tokens: opaque, signed with a key of this emulator; each names the account it was given to, for an hour."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

LIFETIME = 3600  # seconds
_PREFIX = "ya29.local"


class Tokens:
    """Gives tokens and reads them. The key is kept in the file `path`, where there is one: tokens outlive a restart.

    `now` is the time of day, not the emulator's clock, which tests push forward by days: clients renew by theirs.
    """

    def __init__(self, path: Path | None, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now

    @cached_property
    def _key(self) -> bytes:
        return _kept(self._path) if self._path else secrets.token_bytes(32)

    def issue(self, account: str) -> str:
        """A token of `account`, an e-mail address."""
        payload = json.dumps({"account": account, "until": int(self._now()) + LIFETIME}).encode()
        return ".".join((_PREFIX, _text(payload), _text(self._sign(payload))))

    def account(self, token: str) -> str | None:
        """The account that a token was given to; None for one that has expired or is not this emulator's."""
        prefix, _, rest = token.rpartition(".")[0].rpartition(".")
        try:
            payload, signature = _bytes(rest), _bytes(token.rpartition(".")[2])
        except ValueError:
            return None
        if prefix != _PREFIX or not hmac.compare_digest(self._sign(payload), signature):
            return None
        claims: dict[str, Any] = json.loads(payload)
        return str(claims["account"]) if self._now() < claims["until"] else None

    def _sign(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, "sha256")


def _kept(path: Path) -> bytes:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
