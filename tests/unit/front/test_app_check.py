"""Where App Check is on, sign-in and share links are for the deployment's own page alone."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth import crypt, jwt
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from front.api.access import RIGHTS, admit
from front.api.handlers import events, session, shares
from front.people import app_check
from front.people.caller import ANONYMOUS
from front.settings import front
from pipeline.domain.errors import Unauthorized

APP = "1:123456789:web:0a1b2c"
ISSUER = "https://firebaseappcheck.googleapis.com/123456789"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()


@pytest.fixture(autouse=True)
def on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """App Check is on, and Google has published one key."""
    for name in ("SITE_BUCKET", "GRANT_SECRET", "SIGNING_ID", "SIGNING_SECRET"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("APP_CHECK_APP", APP)
    numbers = KEY.public_key().public_numbers()
    jwk = {"kty": "RSA", "kid": "k1", "e": text(numbers.e), "n": text(numbers.n)}
    monkeypatch.setattr(app_check._keys, "_read", lambda _: {"k1": app_check._pem(jwk)})
    app_check._keys.clear()
    front.cache_clear()
    yield
    front.cache_clear()
    app_check._keys.clear()


def token(key: rsa.RSAPrivateKey = KEY, **changes: Any) -> str:
    now = int(time.time())
    said = {"iss": ISSUER, "sub": APP, "aud": ["projects/123456789", "projects/acme"], "iat": now, "exp": now + 3600}
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.encode(crypt.RSASigner.from_string(pem, "k1"), said | changes).decode()


def request(token: str | None) -> Request:
    headers = [] if token is None else [(app_check.HEADER, token)]
    return Request(EnvironBuilder(method="POST", headers=headers).get_environ())


@pytest.mark.parametrize("route", [session.begin, session.token, shares.redeem])
def test_a_page_that_proves_itself_is_let_in_and_a_script_is_not(route: Any) -> None:
    assert admit(request(token()), RIGHTS[route], None) is ANONYMOUS
    for wrong in (None, "", "a.b.c", "x" * 9000):
        with pytest.raises(Unauthorized, match="X-Firebase-AppCheck is"):
            admit(request(wrong), RIGHTS[route], None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://firebaseappcheck.googleapis.com/987654321"},
        {"sub": "1:123456789:web:ffffff"},
        {"aud": ["projects/987654321"]},
        {"exp": 1_700_000_000},
    ],
)
def test_a_token_of_another_app_or_time_proves_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized):
        app_check.check(token(**wrong), APP)


def test_a_token_that_google_did_not_sign_proves_nothing() -> None:
    with pytest.raises(Unauthorized, match="malformed, expired or not of this deployment"):
        app_check.check(token(OTHER), APP)


def test_a_store_that_signs_its_announcements_needs_none() -> None:
    assert admit(request(None), RIGHTS[events.announce], None) is ANONYMOUS


def test_without_the_setting_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_CHECK_APP", "")
    front.cache_clear()
    assert admit(request(None), RIGHTS[session.begin], None) is ANONYMOUS
