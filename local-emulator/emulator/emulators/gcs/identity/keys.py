"""Keys that signed URLs are verified with: service accounts (RSA) and HMAC keys.

The emulator has a service account of its own. Its key file, in Google's format, is made when first asked for, so
that an unpatched client can sign; a key that must outlive the process is kept in a file only its owner can read.
Where an account asks for a key of its own, as IAM would sign for it in the cloud, it gets that key in its own name.
HMAC keys are kept beside it.
"""

from __future__ import annotations

import json
import secrets
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..errors import ApiError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

# cryptography is imported where it is used: a start that signs nothing does not pay for it.


class KeyRing:
    """Public keys by e-mail, secrets by access id."""

    def __init__(self, path: Path | None, project: str, *, shared: bool = False) -> None:
        """`shared`: the emulator's key is every account's of the project, as each may ask for it."""
        self._path = path
        self._shared = shared
        self._project = project
        self._trusted: dict[str, RSAPublicKey] = {}
        self._kept = path.with_name("hmac-keys.json") if path else None
        kept = self._kept.read_text() if self._kept and self._kept.exists() else "{}"
        self._hmac: dict[str, tuple[str, str]] = json.loads(kept)

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

    def service_account(self, base: str, account: str | None = None) -> dict[str, Any]:
        """The key file, of `account` where one is given; tokens are to be had at `base`, not at Google's."""
        email = account or self.email
        return {**self._own, "client_email": email, "token_uri": f"{base}/_emulator/token"}

    def identity(self, account: str, audience: str) -> str:
        """An ID token of `account` for `audience`, as Google's but for its signer: good for an hour."""
        from google.auth import crypt, jwt

        now = int(time.time())
        claims = {"iss": "https://accounts.google.com", "aud": audience, "azp": account, "sub": account}
        claims |= {"email": account, "email_verified": True, "iat": now, "exp": now + 3600}
        signer = crypt.RSASigner.from_string(self._own["private_key"], self._own["private_key_id"])
        return jwt.encode(signer, claims).decode()

    def certificates(self) -> dict[str, str]:
        """The public key that ID tokens are verified with, PEM by key id, as Google's certificates are had."""
        return {self._own["private_key_id"]: _pem(_public(self._own)).decode()}

    def asserted(self, body: bytes) -> str:
        """The account that signed the assertion of an OAuth 2 request for a token. Raises 400 where none did."""
        from google.auth import jwt

        assertion = dict(parse_qsl(body.decode("utf-8", "replace"))).get("assertion", "")
        try:
            account = str(jwt.decode(assertion, verify=False).get("iss"))
            if key := self.public_key(account):
                jwt.decode(assertion, certs=_pem(key))
                return account
        except ValueError:
            pass
        raise ApiError(400, "invalid_grant", "Invalid JWT: no account whose key this emulator knows has signed it.")

    def trust(self, path: Path) -> None:
        """Takes over the key of a service account's key file. Raises ValueError."""
        account = json.loads(path.read_text())
        if account.get("type") != "service_account":
            raise ValueError(
                f"invalid service-account key {path}: expected type 'service_account', not {account.get('type')!r}"
            )
        self._trusted[account["client_email"]] = _public(account)

    def public_key(self, email: str) -> RSAPublicKey | None:
        """The key to verify a signature of `email` with, None where it is unknown."""
        if email in self._trusted:
            return self._trusted[email]
        known = self._path is not None or "_own" in self.__dict__
        asks = self._shared and email.endswith(f"@{self._project}.iam.gserviceaccount.com")
        if known and (asks or email == self._own["client_email"]):
            self._trusted[email] = _public(self._own)
        return self._trusted.get(email)

    def create_hmac(self, account: str) -> tuple[str, str]:
        """A new HMAC key of `account`: access id and secret."""
        access_id, secret = "GOOG1E" + secrets.token_hex(27).upper(), secrets.token_urlsafe(30)
        self.add_hmac(access_id, secret, account)
        return access_id, secret

    def add_hmac(self, access_id: str, secret: str, account: str) -> None:
        """Takes over an HMAC key of `account` that was made elsewhere."""
        self._hmac[access_id] = (secret, account)
        if self._kept:
            self._kept.touch(mode=0o600)
            self._kept.write_text(json.dumps(self._hmac))

    def hmac(self, access_id: str) -> tuple[str, str] | None:
        """The secret of an HMAC key, and the account whose key it is; None where it is unknown."""
        return self._hmac.get(access_id)


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


def _pem(key: RSAPublicKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _public(account: dict[str, Any]) -> RSAPublicKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(account["private_key"].encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"the key of {account['client_email']} is not RSA")
    return key.public_key()
