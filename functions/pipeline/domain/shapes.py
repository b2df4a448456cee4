"""Shapes of what comes from outside: declared once as msgspec types, checked here, refused with a sentence.

    class Range(Struct, forbid_unknown_fields=True):
        start: Annotated[float, Meta(ge=0)] = 0.0
        kinds: Annotated[list[Kind], Meta(extra={"must": "be a list of kinds"})] = []

    read({"start": -1}, Range)   # BadRequest: 'start' must be a number from 0 on

The sentence says what is right for the field. It is made of the field's type; `must` is for those whose type says too
little. The OpenAPI document is made of the same types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from .errors import BadRequest

T = TypeVar("T")

_ERROR = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")
_MAX_CHARACTERS = 80  # of an unknown field's name


def read(value: Any, shape: type[T], name: str = "", *, of_strings: bool = False) -> T:
    """`value`, as JSON or Firestore gave it, in its shape. `name` is the field that holds it; empty for a whole body.
    `of_strings`: numbers come as text, as a query has them.

    Raises BadRequest, whose sentence names the field and says what is right.
    """
    try:
        found = msgspec.convert(value, shape, strict=not of_strings)
    except msgspec.ValidationError as error:
        raise BadRequest(_sentence(str(error), shape, name)) from None
    if of_strings and (field := _counted(value, found)):
        raise BadRequest(_sentence(f"Expected `datetime` - at `$.{field}`", shape, name))
    return found


def must(sentence: str, **limits: Any) -> msgspec.Meta:
    """Limits of a field, and the rest of the sentence "'field' must …" that refuses what is outside of them."""
    return msgspec.Meta(**limits, extra={"must": sentence})


def optional(name: str, fields: Mapping[str, Any]) -> type[msgspec.Struct]:
    """An object of these fields by name, each of which may be left out, or null, which is the same."""
    listed = [(field, shape | None, None) for field, shape in fields.items()]
    return msgspec.defstruct(name, listed, forbid_unknown_fields=True, module=__name__)


def given(value: msgspec.Struct) -> dict[str, Any]:
    """The fields that `value` has and that are not null, as JSON has them; nested objects likewise."""
    return _without_null(msgspec.to_builtins(value))


def _counted(value: Mapping[str, str], found: Any) -> str | None:
    """The field of a query that takes a date and got a number, which msgspec takes for seconds since 1970."""
    dates = (one.encode_name for one in msgspec.structs.fields(found) if isinstance(getattr(found, one.name), datetime))
    return next((name for name in dates if not _DATE.match(value[name])), None)


def _without_null(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {field: _without_null(one) for field, one in value.items() if one is not None}


def _sentence(text: str, shape: Any, name: str) -> str:
    found = _ERROR.fullmatch(text)
    what, path = (found["what"], found["path"] or "$") if found else (text, "$")
    steps = [key or int(number) if number.isdigit() or key else "" for key, number in _STEP.findall(path)]
    if unknown := _UNKNOWN.fullmatch(what):
        inside = _inside(shape, steps)
        of = "".join(f"{_joined(name, inside)}.") if inside or name else ""
        known = ", ".join(of + field.encode_name for field in _fields(list(_walk(shape, inside))[-1]))
        return f"unknown field {of + unknown[1][:_MAX_CHARACTERS]!r}: expected {known}"
    if missing := _MISSING.fullmatch(what):
        steps = [*steps, missing[1]]
    *_, last = nodes = list(_walk(shape, steps))
    for at, node in enumerate(nodes):
        if said := _said(node):  # the outermost field that says so: it speaks for what it holds
            return f"'{_joined(name, steps[:at])}' must {said}"
    if not steps and not name:
        return f"the body must {_must(last)}".replace("be an object", "be a JSON object")
    return f"'{_joined(name, steps)}' must {_must(last)}"


def _inside(shape: Any, steps: list[Any]) -> list[Any]:
    return steps[: len(list(_walk(shape, steps))) - 1]


def _joined(name: str, steps: list[Any]) -> str:
    text = name
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step or '*'}" if text else str(step)  # '': any name
    return text


def _walk(shape: Any, steps: list[Any]) -> Iterator[inspect.Type]:
    """The type of the whole, then that of each step within it."""
    node = inspect.type_info(shape)
    yield node
    for step in steps:
        options = list(_options(node))
        if isinstance(step, int):
            node = next(one.item_type for one in options if isinstance(one, inspect.ListType))
        elif by_name := [one for one in options if isinstance(one, inspect.DictType)]:
            node = by_name[0].value_type
        else:
            node = next(field.type for field in _fields(node) if field.encode_name == step)
        yield node


def _options(node: inspect.Type) -> Iterator[inspect.Type]:
    """What a type may be, null apart."""
    if isinstance(node, inspect.Metadata):
        yield from _options(node.type)
    elif isinstance(node, inspect.UnionType):
        for one in node.types:
            yield from _options(one)
    elif not isinstance(node, inspect.NoneType):
        yield node


def _fields(node: inspect.Type) -> tuple[inspect.Field, ...]:
    return next((one.fields for one in _options(node) if isinstance(one, inspect.StructType)), ())


def _said(node: inspect.Type) -> str | None:
    """The `must` of a field."""
    if isinstance(node, inspect.UnionType):
        return next(filter(None, map(_said, node.types)), None)
    return (node.extra or {}).get("must") if isinstance(node, inspect.Metadata) else None


def _must(node: inspect.Type) -> str:
    """What is right, as the rest of a sentence."""
    match next(_options(node)):
        case inspect.FloatType(ge=least, le=most) | inspect.IntType(ge=least, le=most) as number:
            whole = "whole " if isinstance(number, inspect.IntType) else ""
            least = "0" if least is None else f"{least:g}"
            return f"be a {whole}number from {least} {'on' if most is None else f'to {most:g}'}"
        case inspect.BoolType():
            return "be true or false"
        case inspect.StrType(min_length=least, max_length=most):
            return "be a string" if most is None else f"be a string of {least or 0} to {most} characters"
        case inspect.EnumType(cls=cls):
            return f"be one of {', '.join(str(one.value) for one in cls)}"
        case inspect.LiteralType(values=values):
            return f"be one of {', '.join(map(str, values))}"
        case inspect.ListType(min_length=least, max_length=most):
            return "be a list" if most is None else f"be a list of {least or 0} to {most}"
        case inspect.StructType():
            return "be an object"
        case inspect.DictType(max_length=most):
            return "be an object" if most is None else f"be an object of at most {most}, by name"
        case other:
            raise NotImplementedError(f"no words for {other}: give the field a 'must'")
