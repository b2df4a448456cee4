"""Proxies of the shell that started a stack: they lead to Google, never to what runs on this machine."""

from __future__ import annotations

import os

_TO_GOOGLE = ("https_proxy", "HTTPS_PROXY", "grpc_proxy")
_OTHERS = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_HERE = "localhost,127.0.0.1,127.0.0.0/8"


def to_google() -> dict[str, str]:
    """The variables that lead a client of Google through the proxy of this process, if it has one."""
    found = {name: value for name in _TO_GOOGLE if (value := os.environ.get(name))}
    return found | around_here() if found else {}


def around_here() -> dict[str, str]:
    """`no_proxy` with this machine on it, where there is a proxy: gRPC would ask it for an emulator too."""
    if not any(os.environ.get(name) for name in (*_TO_GOOGLE, *_OTHERS)):
        return {}
    others = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return {"no_proxy": others if others.endswith(_HERE) else ",".join(filter(None, (others, _HERE)))}
