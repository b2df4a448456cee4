"""Cross-origin headers, exactly as the bucket declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .http import Headers, Request, Response


def headers(rules: Iterable[Mapping[str, Any]], request: Request) -> Headers:
    """The headers to add to the answer of `request`: none unless a rule has both its origin and its method."""
    origin = request.headers.get("origin")
    if not origin:
        return []
    preflight = request.method == "OPTIONS"
    method = request.headers.get("access-control-request-method", "") if preflight else request.method
    for rule in rules:
        origins, methods = rule.get("origin") or (), rule.get("method") or ()
        if ("*" in origins or origin in origins) and ("*" in methods or method in methods):
            return _granted(rule, origin, preflight=preflight)
    return []


def preflight(request: Request) -> Response:
    """The answer to OPTIONS; without a matching rule nothing is added to it, and the browser refuses."""
    return Response(200, [("Content-Length", "0"), ("Content-Type", "text/html; charset=UTF-8")])


def _granted(rule: Mapping[str, Any], origin: str, *, preflight: bool) -> Headers:
    anyone = "*" in rule["origin"]
    granted: Headers = [("Access-Control-Allow-Origin", "*" if anyone else origin)]
    if not anyone:
        granted.append(("Vary", "Origin"))
    names = ", ".join(rule.get("responseHeader") or ())
    if preflight:
        granted.append(("Access-Control-Allow-Methods", ", ".join(rule["method"])))
        if names:
            granted.append(("Access-Control-Allow-Headers", names))
        granted.append(("Access-Control-Max-Age", str(rule.get("maxAgeSeconds", 3600))))
    elif names:
        granted.append(("Access-Control-Expose-Headers", names))
    return granted
