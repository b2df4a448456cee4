"""The audit: who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from pipeline.documents.control import audit as store
from pipeline.domain.settings import own_tenant

from ...people.caller import of
from ..models import people_answers
from ..models.parameters import PageOfAudit
from ..requests import answer, query

if TYPE_CHECKING:
    from werkzeug import Request, Response


def list_page(request: Request) -> Response:
    """List changes in the caller's tenant, the newest first.

    Each says who made it, from where, and from what to what. Entries are kept for 400 days.
    """
    page = query(request, PageOfAudit)
    found = store.newest(
        of(request).tenant or own_tenant(), page.limit + 1, None if page.after is UNSET else page.after
    )
    next = found[page.limit - 1][0] if len(found) > page.limit else None
    return answer(people_answers.AuditPage(entries=[_shown(id, one) for id, one in found[: page.limit]], next=next))


def _shown(id: str, fields: Mapping[str, Any]) -> people_answers.AuditEntry:
    return people_answers.AuditEntry(
        id=id,
        at=fields["at"].isoformat(),
        kind=fields["kind"],
        who=fields["who"],
        action=fields["action"],
        target=fields["target"],
        before=_plain(fields["before"]),
        after=_plain(fields["after"]),
        address=fields["address"],
        request=fields["request"],
    )


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
