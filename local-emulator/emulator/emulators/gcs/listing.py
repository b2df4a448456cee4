"""One page of a listing: prefix, delimiter, offsets, versions. Pure, over any ordered scan.

Names are in the order of their UTF-8 bytes, which is also that of Python's strings. With a delimiter whole subtrees
are skipped, so that a page costs what it shows and not what it hides.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .errors import bad_request
from .model import StoredObject

Position = tuple[str, int]
# first position -> versions from there on, in order of name and generation; read only as far as needed
Scan = Callable[[Position], Iterator[StoredObject]]
MAX_RESULTS = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """A request for a listing. `end` is exclusive; empty strings have no effect."""

    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    end: str = ""
    trailing: bool = False
    limit: int = MAX_RESULTS
    token: str = ""


@dataclass(slots=True)
class Page:
    """A page; `token` leads to the next one, None on the last."""

    items: list[StoredObject] = field(default_factory=list[StoredObject])
    prefixes: list[str] = field(default_factory=list[str])
    token: str | None = None
    shown: str | None = None  # the last prefix that was listed, here or on the page before

    def __len__(self) -> int:
        return len(self.items) + len(self.prefixes)


def list_page(scan: Scan, query: Query) -> Page:
    """At most `query.limit` items and prefixes together; one more where a trailing delimiter makes an item of a prefix.

    Raises 400 for an invalid token.
    """
    position: Position | None = (max(query.prefix, query.start), 0)
    page = Page()
    if query.token:
        resumed = _parse_token(query.token)
        position = max(position, resumed)
        # In the middle of a name's versions: its prefix was on the page before.
        page.shown = resumed[0] if resumed[1] else None
    while position is not None:
        position = _take(scan(position), query, page)
    return page


def _take(rows: Iterator[StoredObject], query: Query, page: Page) -> Position | None:
    """Puts `rows` on the page; where to scan next, None at the end of the listing or of the page."""
    for stored in rows:
        name = stored.name
        if not name.startswith(query.prefix) or (query.end and name >= query.end):
            return None
        common = _common_prefix(name, query)
        itself = common is None or (query.trailing and name == common)
        if common == page.shown and common is not None and not itself:
            return _after(common)
        if len(page) >= max(1, min(query.limit, MAX_RESULTS)):
            within = bool(page.items) and page.items[-1].name == name
            page.token = _token((name, stored.generation if within else 0))
            return None
        if common is not None and common != page.shown:
            page.prefixes.append(common)
            page.shown = common
        if itself:
            page.items.append(stored)
        elif common is not None:
            return _after(common)
    return None


def _common_prefix(name: str, query: Query) -> str | None:
    if not query.delimiter:
        return None
    at = name.find(query.delimiter, len(query.prefix))
    return None if at < 0 else name[: at + len(query.delimiter)]


def _after(prefix: str) -> Position | None:
    """The first position beyond every name that begins with `prefix`."""
    while prefix:
        last = ord(prefix[-1])
        if last < 0x10FFFF:
            following = 0xE000 if last == 0xD7FF else last + 1  # no name holds a surrogate
            return prefix[:-1] + chr(following), 0
        prefix = prefix[:-1]
    return None


def _token(position: Position) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _parse_token(token: str) -> Position:
    try:
        name, generation = json.loads(base64.urlsafe_b64decode(token))
        return str(name), int(generation)
    except (ValueError, TypeError):
        raise bad_request(f"Invalid pageToken {token!r}: use a nextPageToken, unchanged.") from None
