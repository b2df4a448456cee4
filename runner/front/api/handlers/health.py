"""Health of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.body import Status
from ..requests import answer

if TYPE_CHECKING:
    from werkzeug import Request, Response


def health(request: Request) -> Response:
    """Tell whether the API answers."""
    return answer(Status(status="ok"))
