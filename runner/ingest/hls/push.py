"""One request of an HLS push: decides, stores, and writes the playlist.

Every step may run twice, in two requests at once or again after a crash: decisions are made under the version of
`pushes/{stream}`, an object is written once, and a playlist never replaces a newer one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.cloud import tracing
from pipeline.control import lease as leases
from pipeline.control import push as pushes
from pipeline.control.lease import Lease
from pipeline.domain import names
from pipeline.domain.errors import Conflict, LeaseLost, Stopped
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.push import Assigned, Push
from pipeline.sessions import stored

from ..session.storage import CloudStorage
from ..settings import Ingest
from . import live_playlist, record, remux, staging
from .listing import Listing
from .live_playlist import Window
from .plan import advance
from .resume import current
from .staging import Stage

_ATTEMPTS = 6
_PATIENCE_SECONDS = 5.0  # for segments that the playlist at the end of a push has overtaken


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a request: the session (None before it begins), its segments so far, and the missing ones."""

    session: str | None
    segments: int = 0
    waiting: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """An outcome, and the staged objects from which it came. They are None if the push has ended meanwhile."""

    outcome: Outcome
    stage: Stage | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that the playlist at the end of a push lists."""
        return self.stage is None or self.outcome.ended


@dataclass(frozen=True, slots=True)
class Pusher:
    """A request of a sender, with the sender's lease."""

    lease: Lease
    settings: Ingest
    traceparent: str | None = None  # the request's, continued by the trace of its segment

    @property
    def stream(self) -> str:
        """The stream's id."""
        return self.lease.stream

    def listed(self, listing: Listing) -> Outcome:
        """Takes the listed segments, and at the end of a push waits for those on their way.

        Raises Conflict, Unavailable, NotFound (a deleted stream).
        """
        return self._at_the_end(listing) if listing.ended and listing.items else self._take(listing).outcome

    def arrived(self, name: str) -> Outcome:
        """Takes a staged segment at once if an earlier playlist lists it."""
        push = pushes.load(self.stream)
        if push is None:
            return Outcome(None)
        if any(item.name == name for item in push.waiting):
            return self._take(None).outcome
        return Outcome(push.session if push.next else None, push.next, tuple(item.name for item in push.waiting))

    def _at_the_end(self, listing: Listing) -> Outcome:
        """Takes the last segments, and gives those that their playlist has overtaken time to come."""
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not (taken := self._take(listing)).complete:
            assert taken.stage is not None
            if not staging.changed(self.stream, taken.stage, patience):
                return self._take(listing, final=True).outcome
        return taken.outcome

    def _take(self, listing: Listing | None, *, final: bool = False) -> _Taken:
        before: _Taken | None = None
        for left in reversed(range(_ATTEMPTS)):
            try:
                self.lease.rejoin()
                taken = self._attempt(listing, final)
            except Stopped:
                raise
            except LeaseLost:
                if leases.is_held(self.stream):
                    raise
                return _Taken(Outcome(self.lease.session, ended=True))  # another request ended it meanwhile
            except Conflict:
                if not left:  # before that, another request may have decided or listed meanwhile: look again
                    raise
                continue
            # A segment that came between our look and our decision did not find itself awaited.
            if taken == before or not self._came(taken.outcome.waiting):
                return taken
            before, listing = taken, None
        assert before is not None
        return before

    def _came(self, waiting: tuple[str, ...]) -> bool:
        return bool(waiting) and not staging.look(self.stream).segments.keys().isdisjoint(waiting)

    def _attempt(self, listing: Listing | None, final: bool) -> _Taken:
        lease = self.lease
        stage = staging.look(self.stream)
        before = pushes.load(self.stream)
        session = lease.session
        seen = live_playlist.look(self.stream, session, before, self.settings)
        push = current(self.stream, before, lease, listing, seen, stage, self.settings)
        if push.session != session:  # it has moved on
            seen = live_playlist.look(self.stream, push.session, push, self.settings)
        push = advance(push, listing, stage.segments, datetime.now(UTC), final=final)
        if push != before and (push.next or push.waiting):
            pushes.save(self.stream, push)
        waiting = tuple(item.name for item in push.waiting)
        if push.next == 0:
            return _Taken(Outcome(None, waiting=waiting), stage)
        content = self._store(push, seen)
        ended = push.ended and not push.waiting
        if ended:
            self._end(push, stage)
        else:
            if live_playlist.write(seen, push, self.settings):
                record.progress(self.stream, push, content)
            for entry in push.assigned:
                staging.drop(self.stream, entry.name, entry.generation)
        return _Taken(Outcome(push.session, push.next, waiting, ended), stage)

    def _store(self, push: Push, seen: Window) -> remux.Content | None:
        """Stores the assigned segments that are not stored yet and adds them to `seen`. Returns the last content."""
        storage = CloudStorage(self.settings.upload_deadline)
        content: remux.Content | None = None
        for entry in push.assigned:
            if seen.segments and entry.sequence <= seen.segments[-1].ref.sequence:
                continue
            data = self._bytes(entry)
            content = remux.measure(data)
            segment = Segment(
                SegmentRef(self.stream, push.session, entry.sequence),
                entry.media_time,
                entry.duration,
                entry.program_date_time,
                entry.discontinuity,
            )
            with tracing.span("segment", self.traceparent, object=names.segment_object(segment.ref)):
                storage.segment(segment, remux.convert(data, entry.media_time))
            seen.segments.append(segment)
        return content

    def _bytes(self, entry: Assigned) -> bytes:
        init = staging.read(self.stream, entry.init) if entry.init else b""
        data = staging.read(self.stream, entry.name, entry.generation)
        if data is None or init is None:
            # Another request may have stored it and cleared up since we looked: look again.
            raise Conflict(f"{names.staged_object(self.stream, entry.name)} was taken meanwhile")
        return init + data

    def _end(self, push: Push, stage: Stage) -> None:
        closed = stored.close(self.stream, push.session)
        # Before the lease is released: a later request would take the remaining objects for the start of a new push.
        for staged in stage.segments.values():
            if staged.identity in push.recent:
                staging.drop(self.stream, staged.name, staged.generation)
        record.end(self.lease, push, closed)
