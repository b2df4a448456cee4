"""What openapi.json says, held against what the API does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from front.api.handlers.openapi import described
from front.api.routes import OPERATIONS, ROUTES

Operation = tuple[str, str, str]
"""Method, path, status."""


def operations() -> set[Operation]:
    """Everything that the document promises."""
    return {
        (method.upper(), path, status)
        for path, item in described()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
        for status in operation["responses"]
    }


def routes() -> set[tuple[str, str]]:
    """Method and path of everything that is answered."""
    found: set[tuple[str, str]] = set()
    for rule in ROUTES.iter_rules():
        path = re.sub(r"<(?:[^>]*:)?(\w+)>", r"{\1}", rule.rule)
        found |= {(method, path) for method in (rule.methods or ()) if method not in ("HEAD", "OPTIONS")}
    return found


def check(method: str, path: str, response: TestResponse) -> Operation:
    """Holds a response against the document. `path` is as a client sent it."""
    endpoint, _ = ROUTES.bind("test").match(path.partition("?")[0], method)
    template = next(one.path for one in OPERATIONS if one.handler is endpoint and one.method == method)
    operation = (method, template, str(response.status_code))
    promised = described()["paths"][operation[1]][method.lower()]["responses"]
    assert operation[2] in promised, f"{operation} is not described: {response.get_data(as_text=True)[:300]}"
    _matches(_resolved(promised[operation[2]]), response)
    return operation


def _resolved(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = described()
    for part in str(value["$ref"]).removeprefix("#/").split("/"):
        found = found[part]
    return found


def _matches(promised: Mapping[str, Any], response: TestResponse) -> None:
    for name, header in promised.get("headers", {}).items():
        assert name in response.headers or not header.get("required"), f"{name} is missing"
    if "content" not in promised:
        assert response.get_data() == b""
        return
    kind = str(response.content_type).partition(";")[0]
    assert kind in promised["content"], f"{kind} is not described"
    schema = {**promised["content"][kind]["schema"], "components": described()["components"]}
    coding = "utf-8" if kind.startswith("text/") else "latin-1"  # bytes, such as a picture's, are a string, too
    content = response.get_json(force=True) if kind.endswith("json") else response.get_data().decode(coding)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(content)
