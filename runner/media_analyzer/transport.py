"""Requests to the API of a deployment: the key in a header, problems as errors, another try where that is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from .errors import Unreachable, refusal

_TIMEOUT = (10.0, 60.0)  # s, to connect and to read: an instance that was asleep takes some of them
_AGAIN = Retry(
    total=4,
    backoff_factor=0.5,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=("GET",),
    raise_on_status=False,
    respect_retry_after_header=True,
)

Query = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its entity tag. `body` is None where the caller has it already (304)."""

    body: Any
    etag: str | None


class Transport:
    """The API at the page's address `url`, asked with `key`; without a key, as a stranger."""

    def __init__(self, url: str, key: str | None) -> None:
        """Raises ValueError if `url` is no address of a page."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"invalid address {url!r}: expected that of the page, such as https://HOST/")
        if parts.username or parts.password:
            raise ValueError("invalid address: expected one without a name and password; the key is given apart")
        page = url.rstrip("/").removesuffix("/index.html")
        self.api = page if page.endswith("/api") else f"{page}/api"
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would take the place of the key
        self._session.mount(self.api, HTTPAdapter(max_retries=_AGAIN))
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def get(self, path: str, query: Query | None = None, etag: str | None = None) -> Answer:
        """The JSON at `path`. Raises MediaAnalyzerError."""
        response = self._send("GET", path, query, headers={"If-None-Match": etag} if etag else None)
        return Answer(None if response.status_code == 304 else _json(response), response.headers.get("ETag"))

    def download(self, path: str, query: Query | None = None) -> bytes:
        """The body at `path`, whatever it is. Raises MediaAnalyzerError."""
        return self._send("GET", path, query).content

    def save(self, address: str, path: Path) -> None:
        """Writes what a granted `address` (`/m/…`, of the page's host) leads to into a file. Raises MediaAnalyzerError.

        It is asked without the key: the grant is the right, and the way leads to Cloud Storage.
        """
        url, begun = urljoin(self.api, address), path.with_name(f"{path.name}.part")
        try:
            with requests.get(url, timeout=_TIMEOUT, stream=True) as response:
                if response.status_code >= 400:
                    raise _refusal(response)
                with begun.open("wb") as file:
                    for part in response.iter_content(1 << 20):
                        file.write(part)
                begun.replace(path)
        except requests.RequestException as error:
            raise Unreachable(f"{path} was not fetched: {error}") from error
        finally:
            begun.unlink(missing_ok=True)

    def change(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that answers a change; None where the answer is empty. Raises MediaAnalyzerError."""
        response = self._send(method, path, json=body)
        return _json(response) if response.content else None

    def _send(self, method: str, path: str, query: Query | None = None, **more: Any) -> requests.Response:
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            response = self._session.request(
                method, self.api + path, params=asked, timeout=_TIMEOUT, allow_redirects=method == "GET", **more
            )
        except requests.RequestException as error:
            raise Unreachable(f"no answer from {self.api}: {error}") from error
        if response.status_code >= 400:
            raise _refusal(response)
        return response


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.JSONDecodeError as error:
        raise Unreachable(f"{response.url} did not answer with JSON: expected the API of Media Analyzer") from error


def _refusal(response: requests.Response) -> Exception:
    said: Any = None
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        said = _json(response)
    problem: Mapping[str, Any] = said if isinstance(said, dict) else {}
    seconds = response.headers.get("Retry-After", "")
    return refusal(
        response.status_code,
        str(problem.get("title") or response.reason),
        str(problem.get("detail") or ""),
        float(seconds) if seconds.isdecimal() else None,
    )
