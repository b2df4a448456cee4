"""Which staged segments have their turn, and where in the session each belongs: a pure function.

What is listed and staged is taken in the sender's order. What is listed and has not come is waited for until newer
segments are there, and then skipped: the next one follows a discontinuity. A sender that begins to count anew has
restarted. What was taken before (same name, same bytes) is never taken again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.documents.pushes import Assigned, Item, Push

from .listing import Listing

_REMEMBERED = 64  # segments taken
_WAITING = 32  # segments listed that have not come
_AHEAD, _BEHIND = timedelta(minutes=1), timedelta(hours=1)  # of a sender's clock that is believed


@dataclass(frozen=True, slots=True)
class Staged:
    """A segment that was sent: `duration` seconds as measured, `frame` the length of one, `signature` of its codecs."""

    name: str
    generation: int
    checksum: str
    arrived: datetime
    duration: float
    frame: float
    signature: str

    @property
    def identity(self) -> str:
        """The same where the same bytes were sent twice under one name."""
        return f"{self.name}#{self.checksum}"


def advance(push: Push, listing: Listing | None, staged: Mapping[str, Staged]) -> Push:
    """`push` with everything assigned whose turn it is. `listing` is None where a segment came, not a playlist."""
    fresh = {name: one for name, one in staged.items() if one.identity not in push.recent}
    restarted = listing is not None and _restarted(push, listing, fresh)
    queue = _queue(push, listing, fresh, restarted)
    push = replace(push, ended=push.ended or (listing is not None and listing.ended))
    gap = restarted
    for index, item in enumerate(queue):
        here = fresh.get(item.name)
        if here:
            missed = push.last is not None and item.number != push.last + 1  # listed and gone before we saw it
            push = _assign(push, item, here, discontinuity=gap or missed or item.discontinuity)
            gap = False
            continue
        newer = sum(other.name in fresh for other in queue[index + 1 :])
        if newer < (1 if push.ended else 2):
            return replace(push, waiting=tuple(queue[index:][-_WAITING:]))
        gap = True
    return replace(push, waiting=())


def _restarted(push: Push, listing: Listing, fresh: Mapping[str, Staged]) -> bool:
    """Whether the sender counts anew: its numbers fell, or the last one taken stands for something else now."""
    if push.last is None or not listing.items:
        return False
    if listing.items[-1].number < push.last:
        return any(item.name in fresh for item in listing.items)
    return any(item.number == push.last and item.name in fresh for item in listing.items)


def _queue(push: Push, listing: Listing | None, fresh: Mapping[str, Staged], restarted: bool) -> Sequence[Item]:
    """What waits, then what is newly listed."""
    listed = listing.items if listing else ()
    if restarted:
        return [item for item in listed if item.name in fresh]
    front = max((item.number for item in push.waiting), default=push.last)
    if front is None:  # a push begins with what is there: what is listed and gone belongs to an earlier one
        first = next((index for index, item in enumerate(listed) if item.name in fresh), len(listed))
        return listed[first:]
    return [*push.waiting, *(item for item in listed if item.number > front)]


def _assign(push: Push, item: Item, staged: Staged, *, discontinuity: bool) -> Push:
    duration = _duration(item.duration, staged)
    first = push.started is None
    changed = push.signature not in (None, staged.signature)
    cut = not first and (discontinuity or changed or push.resumed)
    began = staged.arrived - timedelta(seconds=duration)
    if item.program_date_time and -_BEHIND < item.program_date_time - staged.arrived < _AHEAD:
        began = item.program_date_time
    started = push.started or _whole_ms(began)
    # After a break media time follows the clock, but never back.
    media_time = max(push.end, round((began - started).total_seconds(), 3)) if cut else push.end
    entry = Assigned(
        sequence=push.next,
        name=item.name,
        generation=staged.generation,
        init=item.init,
        media_time=media_time,
        duration=duration,
        program_date_time=started + timedelta(milliseconds=round(media_time * 1000)),
        discontinuity=cut,
    )
    return replace(
        push,
        started=started,
        next=push.next + 1,
        end=round(media_time + duration, 6),
        discontinuities=push.discontinuities + cut,
        last=item.number,
        resumed=False,
        signature=staged.signature,
        recent=(*push.recent, staged.identity)[-_REMEMBERED:],
        assigned=(*push.assigned, entry),
    )


def _duration(listed: float, staged: Staged) -> float:
    """The sender knows the next keyframe's time and we do not, but some round it to seconds: then ours is nearer."""
    exact = listed != round(listed)
    return round(listed if exact and abs(listed - staged.duration) <= 1.5 * staged.frame else staged.duration, 6)


def _whole_ms(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
