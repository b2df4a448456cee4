"""The OpenAPI document and the models of requests say the same."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.declaration import page_types
from front.api.generate import BODIES, generated
from front.api.handlers.openapi import described
from pipeline.domain.analysis import parse
from pipeline.domain.errors import BadRequest


def test_the_document_is_what_the_models_make_of_it() -> None:
    assert generated(described()) == described(), "`make docs` writes it"


def test_the_types_of_the_page_are_made_of_this_document() -> None:
    with page_types.TYPES.open() as types:
        assert types.readline() == page_types.header(), "`make docs` writes them"


def test_every_json_body_has_a_model() -> None:
    bodies = {
        (method, path)
        for path, item in described()["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert bodies == set(BODIES)


def test_every_reference_leads_to_a_schema() -> None:
    known = described()["components"]

    def check(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                group, name = str(value["$ref"]).removeprefix("#/components/").split("/")
                assert name in known[group]
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    check(described())


def accepts(name: str, value: Any) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": described()["components"]}
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "settings",
    [
        {"providers": {"text": ["gallery"]}},
        {"providers": {"logo": ["gallery", "clip"]}},
        {"threshold": None, "kinds": None, "sampling": {"change": None}},
        {"threshold": 0.5},
        {"threshold": {"logo": 1.5}},
        {"sampling": {"change": 1}},
        {"sampling": {"change": 1.01}},
        {"speech": {"languages": ["en-US", "de"]}},
        {"speech": {"languages": ["a language"]}},
        {"brands": ["b"] * 201},
        {"speed": 1},
        {"places": {"clip": "http://10.0.0.5:8080"}},
        {"places": {"vision": "http://10.0.0.5:8080"}},
    ],
)
def test_settings_are_right_by_the_document_exactly_where_the_api_takes_them(settings: Any) -> None:
    try:
        parse(settings, "")
    except BadRequest:
        assert not accepts("Settings", settings)
    else:
        assert accepts("Settings", settings)
