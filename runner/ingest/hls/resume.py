"""The state of a push when a request comes: its document, corrected by the stored objects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline.control.lease import Lease
from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.playlist import target_for
from pipeline.domain.push import Assigned, Push
from pipeline.sessions import stored

from ..settings import Ingest
from .listing import Listing
from .live_playlist import Window
from .staging import Stage


def current(
    stream: str,
    before: Push | None,
    lease: Lease,
    listing: Listing | None,
    seen: Window,
    stage: Stage,
    settings: Ingest,
) -> Push:
    """The push in the lease's session, whose last segments are `seen`.

    It moves to another session if the target duration, which may not change, is too short for the listed segments.
    """
    version = before.version if before else None
    recent = before.recent if before else ()
    longest = _longest(listing, before, stage)
    target = target_for(longest, settings.max_segment_seconds)
    following = seen.segments[-1].ref.sequence + 1 if seen.segments else 0
    if before is None or before.session != lease.session or following > before.next:
        push = _begin(stream, lease, following, target, settings)
    else:
        push = replace(before, assigned=tuple(entry for entry in before.assigned if entry.sequence >= following))
        push = _without_lost(push, stage)
    if not push.next:  # a playlist may come before its first segment, and says nothing of its length
        push = replace(push, target=target)
    elif int(longest + 0.5) > push.target:
        push = _move(stream, lease, push, target)
    return replace(push, recent=recent, version=version)


def _longest(listing: Listing | None, before: Push | None, stage: Stage) -> float:
    """Seconds of the longest segment that is staged, and listed by this playlist or an earlier one."""
    names_listed = {item.name for item in (*(listing.items if listing else ()), *(before.waiting if before else ()))}
    return max((staged.duration for staged in stage.segments.values() if staged.name in names_listed), default=0.0)


def _begin(stream: str, lease: Lease, following: int, target: int, settings: Ingest) -> Push:
    """A push in a new session, or in the stored one that another kind of sender left open."""
    playlist = stored.standing(stream, lease.session, longest=settings.max_segment_seconds) if following else None
    if playlist is None:
        return Push(lease.session, target)
    if playlist.ended:  # its publisher died before it let go of the lease
        return _move(stream, lease, Push(lease.session, target), target)
    first, last = playlist.segments[0], playlist.segments[-1]
    return Push(
        lease.session,
        playlist.target_duration,
        started=first.program_date_time,
        next=last.ref.sequence + 1,
        end=round(last.media_time + last.duration, 6),
        discontinuities=sum(segment.discontinuity for segment in playlist.segments),
        resumed=True,
    )


def _move(stream: str, lease: Lease, push: Push, target: int) -> Push:
    """Ends the session and continues in another, with a longer target duration. The sender does not notice."""
    lease.move(names.new_session(datetime.now(UTC)))
    streams.update_session(stream, push.session, **stored.close(stream, push.session))
    lease.finished(push.session)
    return Push(lease.session, target, last=push.last)


def _without_lost(push: Push, stage: Stage) -> Push:
    """Drops assigned segments whose staged object is missing; the others move up."""
    kept: list[Assigned] = []
    lost = 0
    for entry in push.assigned:
        here = stage.segments.get(entry.name)
        if here is None or here.generation != entry.generation:
            lost += 1
        else:
            kept.append(replace(entry, sequence=entry.sequence - lost, discontinuity=entry.discontinuity or lost > 0))
    marked = sum(e.discontinuity for e in kept) - sum(e.discontinuity for e in push.assigned)
    return replace(
        push,
        assigned=tuple(kept),
        next=push.next - lost,
        discontinuities=push.discontinuities + marked,
        resumed=push.resumed or (lost > 0 and not kept),
    )
