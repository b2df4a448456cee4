"""GET /health"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..requests import json_response

if TYPE_CHECKING:
    from werkzeug import Request, Response


def health(request: Request) -> Response:
    """200 while this process answers."""
    return json_response({"status": "ok"})
