"""Plans which staged segments to take, and the position of each in the session. Pure.

Listed segments are taken in the sender's order once they are staged. A listed segment that does not come is skipped
once newer ones have been there for a while: the next one follows a discontinuity. Encoders send several requests at
once, so that newer ones alone do not prove a loss. A sender whose numbers start over has restarted. A segment (same
name, same bytes) is never taken twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.domain.push import Assigned, Item, Push

from .listing import Listing

_MAX_RECENT = 64  # segments that have been taken
_MAX_WAITING = 32  # listed segments that have not come
_OVERTAKEN = timedelta(seconds=1.5)  # a newer segment may come so much earlier than the one before it
_MAX_AHEAD, _MAX_BEHIND = timedelta(minutes=1), timedelta(hours=1)  # a sender's clock is trusted within these


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged segment: its measured `duration` and one `frame`, in seconds, and the `signature` of its codecs."""

    name: str
    generation: int
    checksum: str
    arrived: datetime
    duration: float
    frame: float
    signature: str

    @property
    def identity(self) -> str:
        """Equal if the same bytes were sent twice under one name."""
        return f"{self.name}#{self.checksum}"


def advance(
    push: Push, listing: Listing | None, staged: Mapping[str, Staged], now: datetime, *, final: bool = False
) -> Push:
    """`push` with a position for every segment that is ready. `listing` is None if a segment came, not a playlist.

    `final` skips the missing segments of a push that has ended, however recent the newer ones are.
    """
    fresh = {name: one for name, one in staged.items() if one.identity not in push.recent}
    restarted = listing is not None and _restarted(push, listing, fresh)
    queue = _queue(push, listing, fresh, restarted)
    push = replace(push, ended=push.ended or (listing is not None and listing.ended))
    gap = restarted
    for index, item in enumerate(queue):
        here = fresh.get(item.name)
        if here:
            missed = push.last is not None and item.number != push.last + 1  # listed and removed before we saw it
            push = _assign(push, item, here, discontinuity=gap or missed or item.discontinuity)
            gap = False
            continue
        newer = [fresh[other.name].arrived for other in queue[index + 1 :] if other.name in fresh]
        lost = bool(newer) if final and push.ended else len(newer) > 1 and now - min(newer) >= _OVERTAKEN
        if not lost:
            return replace(push, waiting=tuple(queue[index:][-_MAX_WAITING:]))
        gap = push.last is not None  # nothing precedes the first segment
    return replace(push, waiting=())


def _restarted(push: Push, listing: Listing, fresh: Mapping[str, Staged]) -> bool:
    """Whether the sender restarted: its numbers fell, or the last one taken now names another segment."""
    if push.last is None or not listing.items or any(item.number <= push.last for item in push.waiting):
        return False
    if listing.items[-1].number < push.last:
        return any(item.name in fresh for item in listing.items)
    return any(item.number == push.last and item.name in fresh for item in listing.items)


def _queue(push: Push, listing: Listing | None, fresh: Mapping[str, Staged], restarted: bool) -> Sequence[Item]:
    """The waiting segments, then the newly listed ones."""
    listed = listing.items if listing else ()
    if push.last is None:
        return _opening(push, listing, fresh)
    if restarted:
        fell = all(item.number < push.last for item in listed)
        return [item for item in listed if fell or item.number >= push.last]
    front = max((item.number for item in push.waiting), default=push.last)
    return [*push.waiting, *(item for item in listed if item.number > front)]


def _opening(push: Push, listing: Listing | None, fresh: Mapping[str, Staged]) -> Sequence[Item]:
    """The queue of a push of which nothing has been taken yet."""
    if listing is None or not listing.items:
        return push.waiting
    waiting = {item.number: item for item in push.waiting}
    listed = {item.number: item for item in listing.items}
    restarted = max(listed) < min(waiting, default=0) or any(
        number in waiting and waiting[number].name != item.name for number, item in listed.items()
    )
    if restarted:
        waiting = {}
    if listing.ended and not waiting and not any(item.name in fresh for item in listing.items):
        return ()  # the end of an earlier push, sent again
    return [item for _, item in sorted({**waiting, **listed}.items())]


def _assign(push: Push, item: Item, staged: Staged, *, discontinuity: bool) -> Push:
    duration = _duration(item.duration, staged)
    first = push.started is None
    changed = push.signature not in (None, staged.signature)
    cut = not first and (discontinuity or changed or push.resumed)
    began = staged.arrived - timedelta(seconds=duration)
    if item.program_date_time and -_MAX_BEHIND < item.program_date_time - staged.arrived < _MAX_AHEAD:
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
        recent=(*push.recent, staged.identity)[-_MAX_RECENT:],
        assigned=(*push.assigned, entry),
    )


def _duration(listed: float, staged: Staged) -> float:
    """The sender's duration, which includes the gap to the next keyframe, unless it is rounded to seconds."""
    exact = listed != round(listed)
    return round(listed if exact and abs(listed - staged.duration) <= 1.5 * staged.frame else staged.duration, 6)


def _whole_ms(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
