"""Shapes of what comes from outside: what is wrong is named, and what would be right is said."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, field

from pipeline.domain.errors import BadRequest
from pipeline.domain.model import Kind
from pipeline.domain.shapes import given, must, optional, read


class Inner(Struct, forbid_unknown_fields=True):
    share: Annotated[float, Meta(ge=0, le=1)]
    on: bool = True


class Outer(Struct, forbid_unknown_fields=True):
    start: Annotated[float, Meta(ge=0)] | None = field(default=None, name="from")
    count: Annotated[int, Meta(ge=1, le=9)] | None = None
    text: Annotated[str, Meta(min_length=1, max_length=4)] | None = None
    when: Annotated[datetime, must("be a time with its zone", tz=True)] | None = None
    kind: Kind | None = None
    mode: Literal["a", "b"] | None = None
    inner: Inner | None = None
    several: Annotated[list[Inner], Meta(min_length=1, max_length=2)] | None = None
    words: Annotated[list[Annotated[str, Meta(min_length=1)]], must("be a list of words")] | None = None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"from": -1}, "'from' must be a number from 0 on"),
        ({"from": True}, "'from' must be a number from 0 on"),
        ({"count": 1.5}, "'count' must be a whole number from 1 to 9"),
        ({"text": "longer"}, "'text' must be a string of 1 to 4 characters"),
        ({"when": "2026-05-04T12:00:00"}, "'when' must be a time with its zone"),
        ({"kind": "smell"}, "'kind' must be one of logo, text, object, label, face, safe_search"),
        ({"mode": "c"}, "'mode' must be one of a, b"),
        ({"inner": []}, "'inner' must be an object"),
        ({"inner": {}}, "'inner.share' must be a number from 0 to 1"),
        ({"inner": {"share": float("nan")}}, "'inner.share' must be a number from 0 to 1"),
        ({"inner": {"share": 1, "on": 1}}, "'inner.on' must be true or false"),
        ({"inner": {"share": 1, "off": 1}}, "unknown field 'inner.off': expected inner.share, inner.on"),
        ({"several": []}, "'several' must be a list of 1 to 2"),
        ({"several": [{"share": 0}, {"share": 2}]}, "'several[1].share' must be a number from 0 to 1"),
        ({"words": ["", "a"]}, "'words' must be a list of words"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_refusal_names_the_field_and_says_what_is_right(value: Any, sentence: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read(value, Outer)
    assert str(refused.value) == sentence


def test_the_field_that_holds_the_whole_is_part_of_the_name() -> None:
    with pytest.raises(BadRequest, match=r"^'settings\.inner\.share' must be a number from 0 to 1$"):
        read({"inner": {"share": 2}}, Outer, "settings")
    with pytest.raises(BadRequest, match=r"^'settings' must be an object$"):
        read(7, Outer, "settings")


@pytest.mark.parametrize("name", ["a.b", "a`b", "a[0]", "", "x" * 500])
def test_a_field_of_any_name_is_refused(name: str) -> None:
    with pytest.raises(BadRequest, match=r"^unknown field '.{0,80}': expected from, count"):
        read({name: 1}, Outer)


def test_null_and_nothing_are_the_same_in_an_object_of_optional_fields() -> None:
    shape = optional("Shape", {"a": float, "b": optional("Part", {"c": bool})})
    assert given(read({"a": None, "b": {"c": None}}, shape)) == {"b": {}}
    assert given(read({"a": 1, "b": None}, shape)) == {"a": 1.0}
