"""GET /openapi.json: what this API takes and answers, as OpenAPI 3.1. It stands in `openapi.json`; see generate.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..requests import json_response

if TYPE_CHECKING:
    from werkzeug import Request, Response

FILE = Path(__file__).parent.parent / "openapi.json"


@cache
def described() -> dict[str, Any]:
    """The document."""
    return json.loads(FILE.read_text())


def document(request: Request) -> Response:
    """The document, its server being this one."""
    return json_response(described())
