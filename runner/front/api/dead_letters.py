"""Dead letters: listed with their reasons, sent again, discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline import letters, names
from pipeline.store import letters as store

from . import body

if TYPE_CHECKING:
    from werkzeug import Request


def list_newest(request: Request) -> Response:
    """GET /dead-letters?limit=: {"dead_letters", "more"}, those given up on last first."""
    limit = body.limit(request.args.get("limit"))
    found = store.newest(limit + 1)
    return body.answer({"dead_letters": [_shown(one) for one in found[:limit]], "more": len(found) > limit})


def retry(request: Request, letter: str) -> Response:
    """POST /dead-letters/{letter}/retry: 202, published to its topic again. If it fails again it comes back here."""
    found = store.get(names.check_letter(letter))
    letters.send_again(found)
    store.sent_again(letter)
    return body.answer({"dead_letter": _shown(found)}, 202)


def discard(request: Request, letter: str) -> Response:
    """DELETE /dead-letters/{letter}: 204, given up for good."""
    store.get(names.check_letter(letter))
    store.discard(letter)
    return Response(status=204)


def _shown(letter: store.Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "topic": letter.topic.rpartition("/")[2],
        "object": letter.object,
        "error": letter.error,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "died_at": letter.died_at.isoformat(),
        "retries": letter.retries,
        "retried_at": letter.retried_at.isoformat() if letter.retried_at else None,
    }
