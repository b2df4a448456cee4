"""A stand-in for front's sessions and for Firebase Auth: who looks at the page is what the test says.

Tokens are unsigned, as those of Google's own Auth emulator, and Firestore's emulator takes them.
"""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any
from urllib.parse import parse_qs

from google.cloud import firestore

TENANT = "main"
Member = dict[str, str]
Answer = tuple[int, Any]
SECURE = "/securetoken.googleapis.com/v1/token"


def member(role: str, tenant: str = TENANT, name: str = "") -> Member:
    """A person as the API tells of them; the id follows from role and tenant, so that it is the same in each test."""
    who = f"m-{role}-{tenant}"
    return {
        "id": who,
        "email": f"{role}@{tenant}.example",
        "name": name or f"The {role}",
        "tenant": tenant,
        "role": role,
    }


ADMIN = member("admin")


def known(db: firestore.Client, person: Member) -> Member:
    """The person, whose document is in the database now, as an invitation leaves it."""
    fields = {name: person[name] for name in ("email", "name", "tenant", "role")}
    db.document(f"members/{person['id']}").set({**fields, "epoch": 0})
    return person


def token(uid: str, **claims: Any) -> str:
    """An ID token, and a custom token too."""
    now = int(time.time())
    payload = {
        "iss": "https://securetoken.google.com/web-tests",
        "aud": "web-tests",
        "sub": uid,
        "user_id": uid,
        "uid": uid,
        "iat": now,
        "auth_time": now,
        "exp": now + 3600,
        "firebase": {"identities": {}, "sign_in_provider": "custom"},
        **claims,
    }
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(payload)}."


def claims(bearer: str) -> dict[str, Any]:
    """What an `Authorization` header's token says; empty where there is none."""
    parts = bearer.removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return {}
    return json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))


def of_member(person: Member) -> str:
    return token(person["id"], t=person["tenant"], r=person["role"], e=0)


class People:
    """`signed_in`: the person whose cookie the browser has; None: it has none. `passwords` and `members` go by address;
    `shares` are the secrets that can be redeemed, with what they open."""

    def __init__(self) -> None:
        self.signed_in: Member | None = ADMIN
        self.passwords: dict[str, str] = {}
        self.members: dict[str, Member] = {}
        self.shares: dict[str, dict[str, Any]] = {}
        self.sent: list[str] = []
        """Addresses that a link was sent to."""
        self.tokens: list[str] = []
        """Each token that the page was given."""

    def answer(self, method: str, path: str, headers: Any, data: bytes) -> Answer | None:
        """To a request under /session or /shares/redeem, or to Firebase Auth; None: it is neither."""
        plain = path.partition("?")[0].removeprefix("/api")
        body = json.loads(data) if data.startswith(b"{") else {}
        match method, plain:
            case "POST", "/session/token":
                return self._welcome(self.signed_in) if self.signed_in else (204, None)
            case "POST", "/session":
                return self._enter(claims(headers["Authorization"] or "").get("email", ""))
            case _, "/session" | "/session/everywhere":
                self.signed_in = None
                return 204, None
            case "POST", "/shares/redeem":
                return self._redeem(body.get("secret", ""))
            case "POST", str() if plain == SECURE:
                old = parse_qs(data.decode())["refresh_token"][0]
                return 200, {"id_token": self._given(old), "refresh_token": old, "expires_in": "3600", "user_id": "x"}
            case "POST", str() if found := re.search(r"/identitytoolkit[^/]*/v1/accounts:(\w+)$", plain):
                return self._auth(found[1], body)
            case _:
                return None

    def _welcome(self, person: Member) -> Answer:
        return 200, {"token": self._given(of_member(person)), "member": person}

    def _enter(self, email: str) -> Answer:
        if email not in self.members:
            detail = f"{email} is not a member of this deployment: ask its administrator to invite you"
            return 403, {"title": "Forbidden", "status": 403, "detail": detail}
        self.signed_in = self.members[email]
        return self._welcome(self.signed_in)

    def _redeem(self, secret: str) -> Answer:
        share = self.shares.get(secret)
        if share is None:
            return 404, {"title": "Not Found", "status": 404, "detail": "there is no such link"}
        if share.get("revoked"):
            return 403, {"title": "Forbidden", "status": 403, "detail": "the link was revoked"}
        given = token(f"s-{share['id'][:24]}", s=share["stream"], x=share["x"], h=share["id"], n=share["reports"])
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(share["x"]))
        told = {"id": share["id"], "stream": share["stream"], "until": until, "reports": share["reports"]}
        return 200, {"token": self._given(given), **told}

    def _auth(self, what: str, body: dict[str, Any]) -> Answer:
        match what:
            case "signInWithCustomToken":
                return 200, self._session(body["token"])
            case "signInWithPassword":
                email = body["email"]
                if self.passwords.get(email) != body["password"]:
                    return 400, {"error": {"code": 400, "message": "INVALID_LOGIN_CREDENTIALS"}}
                return 200, self._session(token(f"account-{email}", email=email, email_verified=True))
            case "sendOobCode":
                self.sent.append(body["email"])
                return 200, {"email": body["email"]}
            case "signInWithEmailLink":
                if body["oobCode"] != f"code-for-{body['email']}":
                    return 400, {"error": {"code": 400, "message": "INVALID_OOB_CODE"}}
                return 200, self._session(token(f"account-{body['email']}", email=body["email"], email_verified=True))
            case "lookup":
                return 200, {"users": [{"localId": claims(body["idToken"])["user_id"]}]}
            case _:
                return 404, {"error": {"code": 404, "message": f"no {what}"}}

    def _session(self, of: str) -> dict[str, Any]:
        who = claims(of)
        answer = {"idToken": self._given(of), "refreshToken": of, "expiresIn": "3600"}
        return {**answer, "localId": who["user_id"], "email": who.get("email", "")}

    def _given(self, one: str) -> str:
        self.tokens.append(one)
        return one


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
