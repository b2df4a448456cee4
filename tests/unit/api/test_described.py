"""The OpenAPI document and the models of requests say the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.declaration import client_types, page_types
from front.api.generate import document
from front.api.handlers.openapi import described
from front.api.operation import Operation
from front.api.routes import OPERATIONS
from pipeline.domain.analysis import parse
from pipeline.domain.errors import BadRequest


def test_the_document_is_what_the_models_make_of_it() -> None:
    assert document() == described(), "`make docs` writes it"


def test_the_types_of_the_page_are_made_of_this_document() -> None:
    with page_types.TYPES.open() as types:
        assert types.readline() == page_types.header(), "`make docs` writes them"


def test_the_types_of_the_client_are_made_of_this_document() -> None:
    assert client_types.TYPES.read_text().startswith(client_types.header()), "`make docs` writes them"


def test_the_limits_of_the_page_are_those_of_this_document() -> None:
    assert page_types.LIMITS.read_text() == page_types.limits(described()), "`make docs` writes them"
    assert '"maxLength": 200' in page_types.limits(described())


def test_every_json_body_and_answer_has_a_model() -> None:
    assert [one.id for one in OPERATIONS if one.method in ("POST", "PATCH") and not _takes_what_it_says(one)] == []
    nameless = [
        (one.id, status)
        for one in OPERATIONS
        for status, answer in one.answers.items()
        if answer.content_type == "application/json" and answer.shape is None and status not in (204, 302, 304)
    ]
    assert nameless == []


def _takes_what_it_says(operation: Operation) -> bool:
    """Whether the handler reads a body exactly where the table says that there is one."""
    reads = bool({"json_fields", "json_object", "picture"} & set(operation.handler.__code__.co_names))
    return reads == bool(operation.body or operation.content_types)


def test_every_operation_has_a_summary_and_an_id_of_its_own() -> None:
    operations = [one for item in described()["paths"].values() for name, one in item.items() if name != "parameters"]
    assert all(re.fullmatch(r"[A-Z][^\n{}]{5,100}[^.]", one["summary"]) for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations) == len(OPERATIONS)


def test_no_two_shapes_share_a_name() -> None:
    assert [name for name in described()["components"]["schemas"] if not name.isidentifier()] == []


def test_every_schema_is_used() -> None:
    text = json.dumps(described())
    unused = [name for name in described()["components"]["schemas"] if f'schemas/{name}"' not in text]
    assert unused == ["Settings"], "the tests below hold it against the parser"


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
