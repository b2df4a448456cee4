"""The parts of a session that a clip shows: a range, an appearance, or all appearances of a label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.documents.session_steps import steps
from pipeline.domain.clips import LONGEST, Asked
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.reports import appearances
from pipeline.reports.appearances import Appearance

_PAGE = 500  # appearances of one reading
_MOST = 2000  # parts


@dataclass(frozen=True, slots=True)
class Part:
    """From `start` to `end`, in seconds of media time."""

    start: float
    end: float
    title: str


def parts(asked: Asked) -> list[Part]:
    """The parts, in order, none of which overlap. Raises NotFound if there is none, BadRequest if they are too long."""
    found = _merged([_longer(part, asked) for part in _asked(asked)])
    seconds = sum(part.end - part.start for part in found)
    if seconds > LONGEST:
        raise BadRequest(f"the clip would be {seconds:.0f} s long: expected at most {LONGEST:.0f}")
    return found


def _asked(asked: Asked) -> list[Part]:
    if asked.appearance is not None:
        return [_part(_appearance(asked, asked.appearance))]
    if asked.label is not None:
        found = [_part(one) for one in _all(asked) if one.label == asked.label]
        if not found:
            raise NotFound(f"{asked.label!r} does not appear in session {asked.session!r}")
        if len(found) > _MOST:
            raise BadRequest(f"{asked.label!r} appears {len(found)} times: expected at most {_MOST}")
        return found
    at = asked.at or 0.0
    return [Part(asked.start or 0.0, asked.end or 0.0, "") if asked.at is None else Part(at, at, "")]


def _part(one: Appearance) -> Part:
    return Part(one.start / 1000, one.end / 1000, one.label)


def _longer(part: Part, asked: Asked) -> Part:
    return Part(max(0.0, part.start - asked.before), part.end + asked.after, part.title)


def _merged(found: list[Part]) -> list[Part]:
    """In order; what overlaps, or touches, is one part."""
    merged: list[Part] = []
    for part in sorted(found, key=lambda part: part.start):
        if merged and part.start <= merged[-1].end:
            last = merged.pop()
            part = Part(last.start, max(last.end, part.end), last.title)
        merged.append(part)
    return merged


def _appearance(asked: Asked, id: str) -> Appearance:
    at, number = appearances.parsed(id)
    before = f"{at:010d}-{number - 1:03d}" if number else f"{at - 1:010d}-999999" if at else None
    page = appearances.page(steps(asked.stream, asked.session, asked.kind, at), 1, before)
    if not page.appearances or page.appearances[0].id != id:
        raise NotFound(f"session {asked.session!r} has no appearance {id!r}: results may have come since")
    return page.appearances[0]


def _all(asked: Asked) -> Iterator[Appearance]:
    after: str | None = None
    while True:
        since = appearances.parsed(after)[0] if after else 0
        page = appearances.page(steps(asked.stream, asked.session, asked.kind, since), _PAGE, after)
        yield from page.appearances
        if not page.more or not page.appearances:
            return
        after = page.appearances[-1].id
