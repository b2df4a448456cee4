"""The metadata server, as every container on Google Cloud has one: whose account this is, and its tokens.

There is one for each account, at `/_metadata/ACCOUNT`: `GCE_METADATA_HOST=HOST:PORT/_metadata/ACCOUNT` names it.
https://cloud.google.com/run/docs/container-contract#metadata-server
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..api import Api
from ..identity.tokens import LIFETIME
from ..transfer.http import Request, Response, decode

_PATH = re.compile(r"/_metadata/([^/]+)/computeMetadata/v1/(.*?)/?")
_ACCOUNT = re.compile(r"instance/service-accounts/([^/]+)(?:/(token|email|identity|scopes|aliases))?")
_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


def is_metadata(path: str) -> bool:
    """Whether an address is the metadata server's."""
    return path.startswith("/_metadata/")


def answer(api: Api, request: Request) -> Response:
    """Any request to it. Without the header that no web page can send, nothing is told."""
    if request.headers.get("metadata-flavor") != "Google" or "x-forwarded-for" in request.headers:
        return _text("Missing Metadata-Flavor:Google header.\n", 403)
    found = _PATH.fullmatch(request.path)
    if not found or request.method != "GET":
        return _text("Not Found\n", 404)
    account, path = decode(found[1]), found[2]
    if path == "project/project-id":
        return _text(api.project)
    if path == "universe/universe-domain":
        return _text("googleapis.com")
    named = _ACCOUNT.fullmatch(path)
    if not named or decode(named[1]) not in ("default", account):
        return _text("Not Found\n", 404)
    return _of_account(api, request, account, named[2])


def _of_account(api: Api, request: Request, account: str, what: str | None) -> Response:
    if what == "token":
        token = {"access_token": api.tokens.issue(account), "expires_in": LIFETIME, "token_type": "Bearer"}
        return _json(token)
    if what == "email":
        return _text(account)
    if what == "scopes":
        return _text("\n".join(_SCOPES) + "\n")
    if what == "aliases":
        return _text("default\n")
    if what == "identity":
        if not (audience := request.query.get("audience")):
            return _text("non-empty audience parameter required\n", 400)
        return _text(api.keys.identity(account, audience))
    if request.query.get("recursive", "").lower() == "true":
        return _json({"aliases": ["default"], "email": account, "scopes": _SCOPES})
    return _text("aliases\nemail\nidentity\nscopes\ntoken\n")


def _json(found: dict[str, Any]) -> Response:
    return Response(
        200, [("Content-Type", "application/json"), ("Metadata-Flavor", "Google")], json.dumps(found).encode()
    )


def _text(text: str, status: int = 200) -> Response:
    return Response(status, [("Content-Type", "application/text"), ("Metadata-Flavor", "Google")], text.encode())
