"""The rules for how a playlist may change from one revision to the next, by name in `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .model import Parsed

Rule = Callable[[Parsed, Parsed], Iterator[str]]


def _left(before: Parsed, after: Parsed) -> int:
    """How many segments left at the front; negative where the sequence fell."""
    return after.first - before.first


def ended_stays(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 4.3.3.4: nothing is added after EXT-X-ENDLIST. The same text may be written again."""
    if before.ended and before.lines != after.lines:
        yield "changed after EXT-X-ENDLIST"


def target_stays(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 6.2.1: EXT-X-TARGETDURATION never changes."""
    tag = "#EXT-X-TARGETDURATION"
    if before.number(tag) != after.number(tag):
        yield f"EXT-X-TARGETDURATION changed from {before.number(tag)} to {after.number(tag)}"


def type_stays(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 6.2.1: a playlist of a type only grows, or does not change; ours keeps its type."""
    tag = "#EXT-X-PLAYLIST-TYPE"
    if before.tags.get(tag) != after.tags.get(tag):
        yield "EXT-X-PLAYLIST-TYPE changed"


def sequence_rises(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 4.3.3.2: EXT-X-MEDIA-SEQUENCE never falls."""
    if _left(before, after) < 0:
        yield f"EXT-X-MEDIA-SEQUENCE fell from {before.first} to {after.first}"


def front_leaves(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 6.2.2: segments leave at the front only, and what stays says the same."""
    kept = before.items[max(_left(before, after), 0) :]
    if [(item.uri, item.sequence) for item in kept] != [(i.uri, i.sequence) for i in after.items[: len(kept)]]:
        yield "a segment left elsewhere than at the front, or changed its place"
    elif kept != after.items[: len(kept)]:
        yield "a segment that stays changed its duration, date or discontinuity"


def discontinuities_counted(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 6.2.2: EXT-X-DISCONTINUITY-SEQUENCE counts the discontinuities that left."""
    tag, left = "#EXT-X-DISCONTINUITY-SEQUENCE", max(_left(before, after), 0)
    expected = before.number(tag) + sum(item.discontinuity for item in before.items[:left])
    skipped = max(left - len(before.items), 0)  # came and left between the two revisions: any of them may have been one
    if not expected <= after.number(tag) <= expected + skipped:
        yield f"EXT-X-DISCONTINUITY-SEQUENCE is {after.number(tag)}, not {expected}: it counts those that left"


def enough_stays(before: Parsed, after: Parsed) -> Iterator[str]:
    """RFC 8216 6.2.2: a live playlist from which segments leave keeps three target durations."""
    least = 3 * after.number("#EXT-X-TARGETDURATION")
    if _left(before, after) > 0 and not after.ended and after.seconds < least:
        yield f"less than three target durations are left: {after.seconds} s"


RULES: dict[str, Rule] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        *(ended_stays, target_stays, type_stays, sequence_rises, front_leaves),
        *(discontinuities_counted, enough_stays),
    )
}
