"""Dead letters: listed with their reasons, sent again, discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.documents import dead_letters as store
from pipeline.domain import names
from pipeline.domain.errors import NotFound, Unavailable
from pipeline.maintenance import dead_letters

from ..models import analysis_answers
from ..models.parameters import Limit
from ..models.requests import Letters
from ..requests import answer, json_fields, query

if TYPE_CHECKING:
    from werkzeug import Request

_AT_ONCE = 100  # letters that one call sends: it ends within the time of a request
_LOOKED_AT = 5000  # letters that a call looks through


def list_newest(request: Request) -> Response:
    """List events that no function could handle, those given up on last first."""
    limit = query(request, Limit).limit
    found = store.newest(limit + 1)
    shown = [_shown(one) for one in found[:limit]]
    return answer(analysis_answers.DeadLetterPage(dead_letters=shown, more=len(found) > limit))


def retry(request: Request, letter: str) -> Response:
    """Send a dead letter to its topic again.

    If it fails again, it comes back.
    """
    found = store.get(names.check_letter(letter))
    dead_letters.send_again(found)
    store.sent_again(letter)
    return answer(analysis_answers.DeadLetterAnswer(dead_letter=_shown(found)), 202)


def retry_some(request: Request) -> Response:
    """Send many dead letters to their topics again.

    Up to 100 at a time, those given up on first, of `topic` and with `error` where these are given. `left` is how many
    more match of the oldest 5,000. It ends at the first that Pub/Sub does not take: 503 where not one could be sent.
    """
    asked = json_fields(request, Letters)
    found = store.matching(asked.topic, asked.error, _LOOKED_AT)
    gone = sent = 0
    for id in found[:_AT_ONCE]:
        try:
            dead_letters.send_again(store.get(id))
        except NotFound:  # another operator has sent or discarded it meanwhile
            gone += 1
            continue
        except Unavailable:
            if not sent:
                raise
            break
        store.sent_again(id)
        sent += 1
    return answer(analysis_answers.Retried(sent=sent, left=len(found) - gone - sent), 202)


def discard(request: Request, letter: str) -> Response:
    """Discard a dead letter for good."""
    store.get(names.check_letter(letter))
    store.discard(letter)
    return Response(status=204)


def _shown(letter: store.Letter) -> analysis_answers.DeadLetter:
    return analysis_answers.DeadLetter(
        id=letter.id,
        topic=letter.topic.rpartition("/")[2],
        object=letter.object,
        error=letter.error,
        reason=letter.reason,
        attempts=letter.attempts,
        died_at=letter.died_at.isoformat(),
        retries=letter.retries,
        retried_at=letter.retried_at.isoformat() if letter.retried_at else None,
    )
