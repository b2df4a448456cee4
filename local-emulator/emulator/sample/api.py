"""The stream API of any deployment, asked as an operator: of a local stack, or of one that `pulumi up` has made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from ..errors import CallFailed

_TIMEOUT = 30.0  # s: a function that was asleep takes some of them


@dataclass(frozen=True, slots=True)
class Api:
    """An API at `url`, called with the admin key."""

    url: str
    key: str

    def ask(self, method: str, path: str, body: dict[str, Any] | bytes | None = None) -> dict[str, Any]:
        """The answer to JSON, or to a picture. Raises CallFailed."""
        picture = isinstance(body, bytes)
        data = body if picture or body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if picture else "application/json"
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": kind}
        url = self.url.rstrip("/") + path
        return json.loads(_fetched(Request(url, data, headers, method=method)) or b"{}")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment as its page describes it. `config` is what the page is told."""

    page: str
    api: Api
    ingest: str
    config: dict[str, Any]


def deployment(page: str, key: str) -> Deployment:
    """The deployment whose page is at `page` (`pulumi stack output webUrl`). Raises CallFailed."""
    base = page if page.endswith((".html", "/")) else f"{page}/"
    address = urljoin(base, "config.json")
    try:
        config: Any = json.loads(_fetched(Request(address)))
        api, ingest = urljoin(base, str(config["apiUrl"])), str(config["ingestUrl"])
    except (ValueError, KeyError, TypeError):
        raise CallFailed(f"{address} is not a page of this project: expected JSON with apiUrl and ingestUrl") from None
    return Deployment(base, Api(api, key), ingest.rstrip("/"), config)


def _fetched(request: Request) -> bytes:
    try:
        with urlopen(request, timeout=_TIMEOUT) as response:
            return response.read()
    except HTTPError as error:
        detail = _detail(error.read())
        raise CallFailed(f"{request.method} {request.full_url}: {error.code} {detail}", error.code) from None
    except (URLError, TimeoutError, ValueError) as error:
        raise CallFailed(f"{request.method} {request.full_url}: {error}") from error


def _detail(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return answer[:300].decode(errors="replace")
