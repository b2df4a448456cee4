"""Every answer of the routes of brands, configuration and providers, once."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
import pytest
from werkzeug.test import TestResponse

from pipeline.documents import analysis_config
from pipeline.domain.model import AnalysisSettings
from pipeline.domain.providers import PROVIDERS


class Call(Protocol):
    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> TestResponse: ...

    def send(self, path: str, data: bytes, headers: dict[str, str] | None = None) -> TestResponse: ...


def mark(size: int = 64) -> bytes:
    """A picture with something in it, as PNG."""
    picture = np.full((size, size, 3), 255, np.uint8)
    cv2.circle(picture, (size // 2, size // 2), size // 3, (0, 0, 200), -1)
    return cv2.imencode(".png", picture)[1].tobytes()


def call_all(call: Call) -> None:
    _brands(call)
    _references(call)
    _configuration(call)
    _providers(call)


def _brands(call: Call) -> None:
    assert call("POST", "/brands", {"id": "acme", "name": "Acme", "aliases": ["ACME Inc."]}).status_code == 201
    assert call("POST", "/brands", {"name": "Acme"}).status_code == 409, "its id is made of its name"
    assert call("POST", "/brands", {"name": "A", "id": "No"}).status_code == 400
    call("POST", "/brands", {"name": "A"}, headers={})
    call("GET", "/brands?limit=1")
    call("GET", "/brands?limit=0")
    call("GET", "/brands", headers={})
    for method, body in (("GET", None), ("PATCH", {"threshold": 0.6, "prompts": ["a red disc"]})):
        assert call(method, "/brands/acme", body).status_code == 200
    for method, body in (("GET", None), ("PATCH", {"enabled": False}), ("DELETE", None)):
        assert call(method, "/brands/absent", body).status_code == 404
        assert call(method, "/brands/No", body).status_code == 400
        assert call(method, "/brands/acme", body, headers={}).status_code == 401


def _references(call: Call) -> None:
    path = "/brands/acme/references"
    name = call.send(path, mark()).get_json()["reference"].rpartition("/")[2]
    assert call("GET", f"{path}/{name}", headers={}).status_code == 401
    assert call("GET", f"{path}/{name}").status_code == 302
    assert call("GET", f"/brands/No/references/{name}").status_code == 400
    assert call("GET", f"{path}/none").status_code == 404
    assert call.send(path, mark(8)).status_code == 400
    assert call.send(path, b"<svg/>").status_code == 415
    assert call.send("/brands/absent/references", mark()).status_code == 404
    assert call.send(path, mark(), headers={}).status_code == 401
    call("DELETE", f"{path}/{name}", headers={})
    call("DELETE", f"/brands/No/references/{name}")
    assert call("DELETE", f"{path}/{name}").status_code == 200
    assert call("DELETE", f"{path}/{name}").status_code == 404
    assert call("DELETE", "/brands/acme").status_code == 204


def _configuration(call: Call) -> None:
    path = "/config/analysis"
    assert call("GET", path).status_code == 200
    assert call("PATCH", path, {"places": {"clip": "http://127.0.0.1:1"}}).status_code == 200
    assert call("PATCH", path, {"providers": {"text": ["clip"]}}).status_code == 400
    call("GET", path, headers={})
    call("PATCH", path, {}, headers={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis_config, "load", lambda: analysis_config.Stored(AnalysisSettings()))
        assert call("PATCH", path, {}).status_code == 409


def _providers(call: Call) -> None:
    assert [one["name"] for one in call("GET", "/providers").get_json()["providers"]] == [*PROVIDERS]
    call("GET", "/providers", headers={})
    for what in ("health", "info"):
        assert call("GET", f"/providers/gallery/{what}").status_code == 200
        assert call("GET", f"/providers/clip/{what}").status_code == 503, "no service answers there"
        assert call("GET", f"/providers/absent/{what}").status_code == 404
        call("GET", f"/providers/clip/{what}", headers={})
    assert call("PATCH", "/config/analysis", {"places": None}).get_json()["config"]["places"] == {}
