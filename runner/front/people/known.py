"""Members, share links and streams as they were at most five seconds ago: a right that was taken back ends by then."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.cloud.ttl_cache import Cached
from pipeline.documents import brands
from pipeline.documents.people import access, members, shares
from pipeline.domain.errors import NotFound
from pipeline.domain.people import Member, Share

_FRESH = 5.0  # seconds


def member(id: str) -> Member | None:
    """The member; None if there is no such member any more."""
    try:
        return _members.get(id)
    except NotFound:
        return None


def share(id: str) -> Share | None:
    """The share link, as long as it opens its stream; None once it was taken back or has ended."""
    try:
        found = _shares.get(id)
    except NotFound:
        return None
    return None if found.revoked or found.until <= datetime.now(UTC) else found


def stream(id: str) -> access.StreamAccess | None:
    """Who may see the stream; None if it does not exist."""
    try:
        return _streams.get(id)
    except NotFound:
        return None


def brand_tenant(id: str) -> str | None:
    """The tenant of a brand; None if it does not exist."""
    try:
        return _brands.get(id)
    except NotFound:
        return None


def forget() -> None:
    """Reads everything again: after a change that was made here, or after another database was named."""
    for cache in (_members, _shares, _streams, _brands):
        cache.clear()


def _tenant_of_brand(id: str) -> str:
    return brands.get(id).tenant


_members = Cached(members.get, _FRESH)
_shares = Cached(shares.get, _FRESH)
_streams = Cached(access.of_stream, _FRESH)
_brands = Cached(_tenant_of_brand, _FRESH)
