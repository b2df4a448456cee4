"""Writes `openapi.json` from the table of routes, their handlers' docstrings, the shapes and the errors (`make docs`).

Command: `python -m front.api.generate`.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.json import schema_components

from pipeline.domain.analysis import Settings, StreamSettings
from pipeline.domain.errors import Forbidden, LimitReached, MediaAnalyzerError, Unauthorized
from pipeline.rules.kinds import KINDS
from pipeline.rules.message import json_schema

from .access import RIGHTS, Scope
from .handlers.openapi import FILE
from .models.body import Problem
from .models.parameters import PATH
from .operation import Answer, Operation
from .routes import OPERATIONS

_SCHEMAS = "#/components/schemas/"
_INFO = {
    "title": "Media Analyzer",
    "version": "1",
    "description": "Streams, their keys, sessions and uploads. Errors are application/problem+json (RFC 9457). "
    "Stream keys are shown once, when they are made. Text in a request has no control characters.",
}
_KEYS = {
    "Person": "an ID token of Firebase, after signInWithCustomToken with the token of a session or a share link",
    "AdminKey": "the deployment's key, for scripts",
    "StreamKey": "the stream's own key, which publishes and opens nothing else",
}
_STRING = {"type": "string"}


def document() -> dict[str, Any]:
    """The OpenAPI document of all routes."""
    shapes = _Shapes()
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        names = re.findall(r"{(\w+)}", one.path)
        shared = {"parameters": [shapes.parameter("path", name, PATH[name]) for name in names]} if names else {}
        paths.setdefault(one.path, shared)[one.method.lower()] = _operation(one, shapes)
    errors = {error for one in OPERATIONS for error in _errors(one)}
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/api"}],
        "security": [{"Person": []}, {"AdminKey": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": text} for name, text in _KEYS.items()
            },
            "responses": {
                _name(error): _problem(error, shapes) for error in sorted(errors, key=lambda one: one.status)
            },
            "schemas": shapes.components(),
        },
    }


class _Shapes:
    """The schemas of all shapes. Each is a reference; `components` are what they lead to."""

    def __init__(self) -> None:
        shapes = [*_shapes(), Problem, Settings, StreamSettings, *PATH.values(), *KINDS.values()]
        schemas, self._components = schema_components(shapes, ref_template=_SCHEMAS + "{name}")
        self._schemas = dict(zip(map(id, shapes), map(_tidied, schemas), strict=True))
        for name, component in self._components.items():
            component.pop("title")  # the name again
            if "enum" in component:
                component.pop("description", None)  # of the domain's class, for its readers
            self._components[name] = _tidied(component)
        for name in ("Settings", "StreamSettings"):
            self._components[f"Stored{name}"] = _stored(self._components[name], self._components, whole=True)
        self._parameters = {
            _schema_name(self[shape]) for one in OPERATIONS for shape in (one.query, one.headers) if shape
        }

    def __getitem__(self, shape: Any) -> Any:
        return self._schemas[id(shape)]

    def components(self) -> dict[str, Any]:
        """All but those whose fields are parameters."""
        return {name: one for name, one in self._components.items() if name not in self._parameters}

    def parameter(self, place: str, name: str, shape: Any) -> dict[str, Any]:
        """A parameter of the path."""
        return _parameter(place, name, self[shape], required=True)

    def parameters(self, place: str, shape: Any) -> Iterator[dict[str, Any]]:
        """The fields of `shape` as parameters."""
        if shape:
            whole = self._components[_schema_name(self[shape])]
            for name, schema in whole["properties"].items():
                yield _parameter(place, name, schema, required=name in whole["required"])


def _shapes() -> list[Any]:
    found: list[Any] = []
    for one in OPERATIONS:
        bodies = one.body if isinstance(one.body, tuple) else (one.body,)
        found += [shape for shape in (*bodies, one.query, one.headers) if shape]
        found += [answer.shape for answer in one.answers.values() if answer.shape]
    return found


def _operation(one: Operation, shapes: _Shapes) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(one.handler.__doc__ or "").partition("\n\n")
    parameters = [*shapes.parameters("query", one.query), *shapes.parameters("header", one.headers)]
    answers = {str(status): _answer(answer, shapes) for status, answer in one.answers.items()}
    errors = {str(error.status): {"$ref": f"#/components/responses/{_name(error)}"} for error in _errors(one)}
    said: dict[str, Any] = {"operationId": one.id, "summary": _line(summary).rstrip(".")}
    if description:
        said["description"] = _line(description)
    if parameters:
        said["parameters"] = parameters
    if body := _body(one, shapes):
        said["requestBody"] = {"required": True, "content": body}
    said["responses"] = dict(sorted((answers | errors).items()))
    return said | _security(one)


def _line(text: str) -> str:
    return " ".join(text.split())


def _security(one: Operation) -> dict[str, Any]:
    """What opens the route, where that is not a person or the admin key."""
    right = RIGHTS[one.handler]
    if right.scope in (Scope.OPEN, Scope.SIGNED):
        return {"security": []}
    if right.public:
        return {"security": [{}, {"Person": []}, {"AdminKey": []}]}
    return {"security": [{"Person": []}, {"AdminKey": []}, {"StreamKey": []}]} if right.key else {}


def _errors(one: Operation) -> list[type[MediaAnalyzerError]]:
    """Those of the operation, and where it needs a right, those of a caller without it."""
    right = RIGHTS[one.handler]
    without: list[type[MediaAnalyzerError]] = []
    if right.scope not in (Scope.OPEN, Scope.SIGNED):
        # To those who may not see a stream it does not exist.
        without = [Unauthorized, LimitReached, *([] if right.public else [Forbidden])]
    return list(dict.fromkeys((*one.errors, *without)))


def _body(one: Operation, shapes: _Shapes) -> dict[str, Any]:
    if one.content_types:
        return {kind: {"schema": {**_STRING, "contentMediaType": kind}} for kind in one.content_types}
    if one.body is None:
        return {}
    schema = {"oneOf": [shapes[shape] for shape in one.body]} if isinstance(one.body, tuple) else shapes[one.body]
    return {"application/json": {"schema": schema}}


def _answer(answer: Answer, shapes: _Shapes) -> dict[str, Any]:
    said: dict[str, Any] = {"description": answer.text}
    if answer.shape or answer.content_type != "application/json":
        schema = shapes[answer.shape] if answer.shape else _STRING
        said["content"] = {answer.content_type: {"schema": schema}}
    if answer.headers:
        said["headers"] = {name: {"required": True, "schema": _STRING} for name in answer.headers}
    return said


def _name(error: type[MediaAnalyzerError]) -> str:
    return f"Problem{error.status}"


def _problem(error: type[MediaAnalyzerError], shapes: _Shapes) -> dict[str, Any]:
    meaning = _line((error.__doc__ or "").partition("\n\n")[0]).rstrip(".")
    said = _answer(Answer(meaning, Problem, tuple(error.headers)), shapes)
    return said | {"content": {"application/problem+json": said["content"]["application/json"]}}


def _parameter(place: str, name: str, schema: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"name": name, "in": place}
    if required:
        said["required"] = True
    rest = dict(schema)
    if text := rest.pop("description", None):
        said["description"] = text
    return said | {"schema": rest}


def _schema_name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).removeprefix(_SCHEMAS)


def _tidied(schema: Any) -> Any:
    """`schema`, in which a reference stands without a type of its own."""
    if isinstance(schema, dict):
        skipped = ("type",) if "$ref" in schema else ()
        return {name: _tidied(value) for name, value in schema.items() if name not in skipped}
    return [_tidied(one) for one in schema] if isinstance(schema, list) else schema


def _stored(schema: Mapping[str, Any], components: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Settings as they are answered: nothing is null, a threshold is by kind, and a `whole` one has every field. What
    is only written is left out."""
    fields: dict[str, Any] = {}
    for name, field in schema["properties"].items():
        shape: Any = next(one for one in field["anyOf"] if one != {"type": "null"})
        if shape.get("writeOnly"):
            continue
        shape = next((one for one in shape.get("anyOf", ()) if "$ref" in one), shape)
        inner = components.get(shape.get("$ref", "").rpartition("/")[2])
        if by_name := components.get(_of_each(shape)):
            shape = {**shape, "additionalProperties": _stored(by_name, components, whole=False)}
        fields[name] = _stored(inner, components, whole=False) if inner else shape
    required = list(fields) if whole else []
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def _of_each(shape: Mapping[str, Any]) -> str:
    """The name of the shape of all values of an object by name; empty where there is none."""
    values: Any = shape.get("additionalProperties") or {}
    return next((one["$ref"].rpartition("/")[2] for one in values.get("anyOf", ()) if "$ref" in one), "")


def main() -> int:
    """Writes the document, and the schema of alerts."""
    FILE.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n")
    if (folder := Path("docs/schemas")).is_dir():  # in the repository; an image has none
        (folder / "alert.v1.json").write_text(json.dumps(json_schema(), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
