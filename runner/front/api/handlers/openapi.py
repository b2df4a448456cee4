"""The OpenAPI document, which generate.py writes to `openapi.json`."""

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
    """Get this document."""
    return json_response(described())
