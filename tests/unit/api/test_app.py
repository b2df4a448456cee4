"""Requests that need no stored stream: routes, the key, bodies, CORS."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import pytest
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from front import refusals
from front.api import app
from front.api import settings as config
from front.api.requests import json_object
from pipeline.documents import streams
from pipeline.domain.errors import MediaAnalyzerError

KEY = {"Authorization": "Bearer the-admin-key"}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def use(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        config.api.cache_clear()

    refusals.wrong_keys.forget()
    use(ADMIN_KEY="the-admin-key", ALLOWED_ORIGINS="", INGEST_URL="")
    yield use
    config.api.cache_clear()


def call(method: str, path: str, **kwargs: Any) -> TestResponse:
    builder = EnvironBuilder(path=path, method=method, **kwargs)
    response = app.respond(Request(builder.get_environ()))
    body = cast(Iterable[bytes], response.response)
    return TestResponse(body, response.status, response.headers, builder.get_request())


def detail(response: TestResponse, status: int) -> str:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.get_data())
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail"}
    return str(body["detail"])


def test_health_needs_no_key() -> None:
    assert call("GET", "/health").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic the-admin-key"},
        {"Authorization": "Bearer the-admin-keyé"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/streams"), ("POST", "/streams"), ("DELETE", "/streams/s")])
def test_everything_else_needs_the_key(method: str, path: str, headers: dict[str, str]) -> None:
    response = call(method, path, headers=headers)
    assert "Authorization: Bearer" in detail(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "the-admin-key" not in response.get_data(as_text=True)


def test_no_route_and_no_method_are_problems_too() -> None:
    detail(call("GET", "/nothing", headers=KEY), 404)
    detail(call("GET", "/brands/a\nb/nothing", headers=KEY), 404)
    response = call("PUT", "/streams", headers=KEY)
    detail(response, 405)
    assert set(response.headers["Allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[]", "JSON object"),
        ("{}", "'name'"),
        ('{"name": ""}', "'name'"),
        ('{"name": 3}', "'name'"),
        ('{"name": "n", "colour": "red"}', "'colour'"),
        ('{"name": "n", "id": "Not An Id"}', "Not An Id"),
        ('{"name": "n", "id": 7}', "'id'"),
        ('{"name": "n", "settings": []}', "'settings'"),
        ('{"name": "n", "settings": {"speed": 1}}', "'settings.speed'"),
        ('{"name": "n", "settings": {"kinds": ["logos"]}}', "'settings.kinds'"),
        ('{"name": "n", "settings": {"kinds": [{}]}}', "'settings.kinds'"),
        ('{"name": "n", "settings": {"threshold": 1.5}}', "'settings.threshold'"),
        ('{"name": "n", "settings": {"threshold": true}}', "'settings.threshold'"),
        ('{"name": "n", "settings": {"brands": "nike"}}', "'settings.brands'"),
        ('{"name": "n", "settings": {"brands": [1]}}', "'settings.brands'"),
        (b"\xff\xfe", "JSON"),
        (json.dumps({"name": "n" * 70_000}), "larger"),
        ('{"name": ' + "[" * 30_000 + "]" * 30_000 + "}", "JSON"),
        ('{"name": "a lone \\ud800 surrogate"}', "'name' must be text without control characters: U+D800"),
        ('{"name": "NUL \\u0000"}', "U+0000"),
        ('{"name": "line\\nbreak"}', "U+000A"),
        ('{"name": "a\\u202egpj.exe"}', "U+202E"),
        ('{"name": "n", "settings": {"brands": ["\\u2066x"]}}', "'settings.brands' must"),
        ('{"name": "n", "a\\u0007": 1}', "U+0007"),
    ],
)
def test_a_body_that_is_wrong_is_refused_naming_the_field(body: str | bytes, named: str) -> None:
    assert named in detail(call("POST", "/streams", headers=KEY, data=body), 400)


def test_a_whole_number_may_be_written_with_a_fraction_of_zero() -> None:
    body = json_object(b'{"whole": 162.0, "half": 0.5, "large": 1e300}')
    assert body == {"whole": 162, "half": 0.5, "large": 1e300}
    assert [type(number) for number in body.values()] == [int, float, int]


def test_a_body_that_is_announced_as_too_large_is_not_read() -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("this body is not to be read")

    environ = {"CONTENT_LENGTH": "200000000"}
    response = call("POST", "/streams", headers=KEY, input_stream=Unread(), environ_overrides=environ)
    assert "larger" in detail(response, 400)


def test_a_body_of_unknown_length_is_read_no_further_than_its_limit() -> None:
    body = io.BytesIO(b"x" * 10_000_000)
    environ = {"wsgi.input_terminated": True}
    headers = KEY | {"Transfer-Encoding": "chunked"}
    assert "larger" in detail(
        call("POST", "/streams", headers=headers, input_stream=body, environ_overrides=environ), 400
    )
    assert body.tell() < 200_000


def test_an_address_that_sends_wrong_keys_is_slowed_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def get(key: str, address: str) -> int:
        return call(
            "GET",
            "/openapi.json" if not key else "/streams?limit=0",
            headers={"Authorization": f"Bearer {key}"},
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    assert [get(f"wrong-{n}", "203.0.113.1") for n in range(31)] == [401] * 30 + [429]
    assert get("the-admin-key", "203.0.113.1") == 429, "the right key is not looked at either"
    assert get("the-admin-key", "203.0.113.2") == 400, "it is the limit that is refused"
    assert get("", "203.0.113.1") == 200, "open routes stay open"
    refused = [record for record in caplog.records if record.name == "front.refusals"]
    assert {record.labels["reason"] for record in refused} == {"Unauthorized", "LimitReached"}  # type: ignore[attr-defined]
    assert "wrong-7" not in caplog.text


def test_requests_without_a_key_are_logged_and_slow_none() -> None:
    assert {call("GET", "/streams").status_code for _ in range(50)} == {401}


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "ten", "²", ""])
def test_a_limit_that_is_wrong_is_refused(limit: str) -> None:
    assert "'limit'" in detail(call("GET", f"/streams?limit={limit}", headers=KEY), 400)


def test_a_defect_is_a_500_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(stream: str) -> None:
        raise KeyError("inner secret")

    monkeypatch.setattr(streams, "get", broken)
    assert "inner secret" not in detail(call("GET", "/streams/s", headers=KEY), MediaAnalyzerError.status)
    assert caplog.records[-1].exc_info is not None


def preflight(origin: str) -> TestResponse:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    return call("OPTIONS", "/streams", headers=headers)


def test_pages_of_other_origins_may_not_ask_by_default() -> None:
    response = preflight("https://page.test")
    assert response.status_code == 204
    assert "Access-Control-Allow-Origin" not in response.headers


def test_any_page_may_ask_where_all_are_allowed(settings: Callable[..., None]) -> None:
    settings(ALLOWED_ORIGINS="*")
    response = preflight("https://page.test")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert {"POST", "PATCH", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))


def test_only_named_origins_may_ask_where_some_are_named(settings: Callable[..., None]) -> None:
    settings(ALLOWED_ORIGINS="https://a.test,https://b.test")
    assert preflight("https://b.test").headers["Access-Control-Allow-Origin"] == "https://b.test"
    refused = preflight("https://c.test")
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert refused.headers["Vary"] == "Origin"


def test_a_page_can_read_an_error(settings: Callable[..., None]) -> None:
    settings(ALLOWED_ORIGINS="*")
    response = call("GET", "/streams", headers={"Origin": "https://page.test"})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (401, "*")
