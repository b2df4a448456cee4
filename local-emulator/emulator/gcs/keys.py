"""Keys that signed URLs are verified with: service accounts (RSA) and HMAC keys.

The emulator has a service account of its own. Its key file, in Google's format, is made when first asked for, so
that an unpatched client can sign; a key that must outlive the process is kept in a file only its owner can read.
HMAC keys live as long as the process.
"""

from __future__ import annotations

import json
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

# cryptography is imported where it is used: a start that signs nothing does not pay for it.


class KeyRing:
    """Public keys by e-mail, secrets by access id."""

    def __init__(self, path: Path | None, project: str) -> None:
        self._path = path
        self._project = project
        self._trusted: dict[str, RSAPublicKey] = {}
        self.hmac: dict[str, str] = {}

    @property
    def email(self) -> str:
        """The emulator's own service account."""
        return f"emulator@{self._project}.iam.gserviceaccount.com"

    @cached_property
    def _own(self) -> dict[str, Any]:
        if self._path is not None and self._path.exists():
            return json.loads(self._path.read_text())
        own = _service_account(self.email, self._project)
        if self._path is not None:
            self._path.touch(mode=0o600)
            self._path.write_text(json.dumps(own, indent=2))
        return own

    def service_account(self, base: str) -> dict[str, Any]:
        """The key file; tokens are to be had at `base`, not at Google's."""
        return {**self._own, "token_uri": f"{base}/_emulator/token"}

    def trust(self, path: Path) -> None:
        """Takes over the key of a service account's key file. Raises ValueError."""
        account = json.loads(path.read_text())
        if account.get("type") != "service_account":
            raise ValueError(f"{path} is no service-account key: its type is {account.get('type')!r}")
        self._trusted[account["client_email"]] = _public(account)

    def public_key(self, email: str) -> RSAPublicKey | None:
        """The key to verify a signature of `email` with, None where it is unknown."""
        if email in self._trusted:
            return self._trusted[email]
        known = self._path is not None or "_own" in self.__dict__
        if known and email == self._own["client_email"]:
            self._trusted[email] = _public(self._own)
        return self._trusted.get(email)

    def create_hmac(self) -> tuple[str, str]:
        """A new HMAC key: access id and secret."""
        access_id = "GOOG1E" + secrets.token_hex(27).upper()
        self.hmac[access_id] = secrets.token_urlsafe(30)
        return access_id, self.hmac[access_id]

    def add_hmac(self, access_id: str, secret: str, account: str) -> None:
        """Takes over an HMAC key of `account` that was made elsewhere."""
        self.hmac[access_id] = secret


def _service_account(email: str, project: str) -> dict[str, Any]:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": email,
        "client_id": "0",
    }


def _public(account: dict[str, Any]) -> RSAPublicKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(account["private_key"].encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"the key of {account['client_email']} is not RSA")
    return key.public_key()
