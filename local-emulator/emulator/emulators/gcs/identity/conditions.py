"""IAM conditions of a bucket's bindings: the part of CEL that says which objects are meant.

`resource.name.startsWith("projects/_/buckets/B/objects/playlists/")`, `resource.name == "…"`, `resource.type == "…"`,
joined by `&&`, `||`, `!` and parentheses. https://cloud.google.com/storage/docs/access-control/iam#conditions
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from ..errors import bad_request

_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_TOKEN = re.compile(rf"({_STRING})|(&&)|(\|\|)|(!(?!=))")
_TYPES = {True: "storage.googleapis.com/Object", False: "storage.googleapis.com/Bucket"}


def check(expression: str) -> None:
    """Raises 400 for an expression that this emulator cannot judge."""
    holds(expression, "b", "o")


def holds(expression: str, bucket: str, name: str | None) -> bool:
    """Whether a binding with this condition counts for the object `name`, or for the bucket itself. Raises 400."""
    path = f"projects/_/buckets/{bucket}"
    attributes = {
        "name": path if name is None else f"{path}/objects/{name}",
        "type": _TYPES[name is not None],
        "service": "storage.googleapis.com",
    }
    return judged(expression, attributes)


def judged(expression: str, attributes: dict[str, str]) -> bool:
    """Whether a condition holds for a resource with these attributes: `name`, `type`, `service`. Raises 400."""
    return _judge(_parsed(expression), attributes, expression)


@lru_cache(maxsize=256)
def _parsed(expression: str) -> ast.expr:
    python = _TOKEN.sub(lambda m: m[1] or (" and " if m[2] else " or " if m[3] else " not "), expression)
    try:
        return ast.parse(python.strip(), mode="eval").body
    except SyntaxError:
        raise _refused(expression) from None


def _judge(node: ast.expr, attributes: dict[str, str], expression: str) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            each = [_judge(part, attributes, expression) for part in parts]  # all of them, so that each is checked
            return all(each)
        case ast.BoolOp(op=ast.Or(), values=parts):
            each = [_judge(part, attributes, expression) for part in parts]
            return any(each)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _judge(inner, attributes, expression)
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="resource"), attr=attr), attr=verb),
            args=[ast.Constant(value=str(text))],
            keywords=[],
        ) if attr in attributes and verb in ("startsWith", "endsWith"):
            value = attributes[attr]
            return value.startswith(text) if verb == "startsWith" else value.endswith(text)
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id="resource"), attr=attr),
            ops=[ast.Eq() | ast.NotEq() as op],
            comparators=[ast.Constant(value=str(text))],
        ) if attr in attributes:
            return (attributes[attr] == text) == isinstance(op, ast.Eq)
        case _:
            raise _refused(expression)


def _refused(expression: str) -> Exception:
    return bad_request(
        f"Invalid condition {expression!r}: this emulator judges resource.name, resource.type and resource.service by"
        " startsWith, endsWith, == and !=, joined by &&, ||, ! and parentheses."
    )
