"""V4 signed URLs: GOOG4-RSA-SHA256 and GOOG4-HMAC-SHA256, verified as Google does.

https://cloud.google.com/storage/docs/authentication/signatures
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from ..clock import MICROSECONDS
from ..errors import ApiError, forbidden, not_implemented
from ..transfer.http import Request
from .keys import KeyRing

_MAX_EXPIRES_SECONDS = 7 * 86_400
_PARAMETERS = ("algorithm", "credential", "date", "expires", "signedheaders", "signature")


@dataclass(frozen=True, slots=True)
class _Signature:
    algorithm: str
    signer: str
    scope: str
    date: str
    expires: datetime
    headers: list[str]
    value: str


def verify(request: Request, keys: KeyRing, now: int) -> str | None:
    """The account whose good signature the request carries; None where it carries none. `now` in microseconds.

    Raises 400 for one that is malformed, has expired or is of V2, 403 for one that does not match.
    """
    if "GoogleAccessId" in request.query and "Signature" in request.query:
        raise not_implemented("V2 signing (use version='v4')")
    stated = {name.lower(): value for name, value in request.pairs if name.lower().startswith("x-goog-")}
    if "x-goog-signature" not in stated:
        return None
    signature = _parse(stated)
    _check_time(signature, now)
    _check_headers(request, signature)
    canonical = canonical_request(request, signature.headers)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join((signature.algorithm, signature.date, signature.scope, digest))
    if not _matches(signature, to_sign, keys):
        message = (
            "The request signature we calculated does not match the signature you provided. "
            "Check your Google secret key and signing method."
        )
        details = {"StringToSign": to_sign, "CanonicalRequest": canonical}
        raise forbidden(message, xml="SignatureDoesNotMatch", details=details)
    key = keys.hmac(signature.signer)
    return key[1] if key else signature.signer


def canonical_request(request: Request, headers: list[str]) -> str:
    """The signed text, rebuilt from the request."""
    path = quote(unquote(request.path), safe="/~")
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in request.pairs
        if name.lower() != "x-goog-signature"
    )
    lines = [f"{name}:{re.sub(r'  +', ' ', request.headers.get(name, '').strip())}" for name in headers]
    payload = request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    parts = (request.method, path, "&".join(f"{n}={v}" for n, v in query), *lines, "", ";".join(headers), payload)
    return "\n".join(parts)


def _parse(stated: dict[str, str]) -> _Signature:
    for name in _PARAMETERS:
        if not stated.get(f"x-goog-{name}"):
            raise _malformed(f"X-Goog-{name}", "it is missing")
    signer, _, scope = stated["x-goog-credential"].partition("/")
    try:
        signed_at = datetime.strptime(stated["x-goog-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(stated["x-goog-expires"])
    except ValueError:
        raise _malformed("X-Goog-Date or X-Goog-Expires", "use 20260131T235959Z and seconds") from None
    if not 0 < seconds <= _MAX_EXPIRES_SECONDS:
        raise _malformed("X-Goog-Expires", f"use 1 to {_MAX_EXPIRES_SECONDS} seconds")
    if not re.fullmatch(rf"{stated['x-goog-date'][:8]}/[^/]+/storage/goog4_request", scope):
        raise _malformed("X-Goog-Credential", "use SIGNER/YYYYMMDD/LOCATION/storage/goog4_request, of the same day")
    return _Signature(
        stated["x-goog-algorithm"],
        signer,
        scope,
        stated["x-goog-date"],
        signed_at + timedelta(seconds=seconds),
        stated["x-goog-signedheaders"].lower().split(";"),
        stated["x-goog-signature"],
    )


def _check_time(signature: _Signature, now: int) -> None:
    if now / MICROSECONDS >= signature.expires.timestamp():
        details = {"Details": f"Request signature expired at: {signature.expires.isoformat()}"}
        raise ApiError(400, "expired", "The provided token has expired.", xml="ExpiredToken", details=details)


def _check_headers(request: Request, signature: _Signature) -> None:
    if "host" not in signature.headers:
        raise _malformed("X-Goog-SignedHeaders", "it must name host")
    for name in signature.headers:
        if name not in request.headers:
            raise _malformed("X-Goog-SignedHeaders", f"it names {name}, which the request does not have")
    for name in request.headers:
        if name.startswith("x-goog-") and name not in signature.headers:
            raise _malformed("X-Goog-SignedHeaders", f"the request has {name}, which is not signed")


def _matches(signature: _Signature, to_sign: str, keys: KeyRing) -> bool:
    try:
        value = bytes.fromhex(signature.value)
    except ValueError:
        return False
    if signature.algorithm == "GOOG4-RSA-SHA256":
        return _rsa(signature.signer, value, to_sign, keys)
    if signature.algorithm == "GOOG4-HMAC-SHA256":
        key = keys.hmac(signature.signer)
        return key is not None and hmac.compare_digest(_hmac(key[0], signature.scope, to_sign), value)
    raise _malformed("X-Goog-Algorithm", "use GOOG4-RSA-SHA256 or GOOG4-HMAC-SHA256")


def _rsa(signer: str, value: bytes, to_sign: str, keys: KeyRing) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    key = keys.public_key(signer)
    if key is None:
        details = {"Details": f"No key of {signer} is known to this emulator."}
        raise forbidden("The provided security credentials are not valid.", xml="InvalidSecurity", details=details)
    try:
        key.verify(value, to_sign.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _hmac(secret: str, scope: str, to_sign: str) -> bytes:
    key = f"GOOG4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256")


def _malformed(parameter: str, why: str) -> ApiError:
    details = {"ParameterName": parameter, "Details": f"{parameter}: {why}."}
    message = "Your request has a malformed header."
    return ApiError(400, "invalid", message, xml="MalformedSecurityHeader", details=details)
