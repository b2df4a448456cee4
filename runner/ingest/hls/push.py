"""One request of an HLS push: what it decides, what it stores, what our playlist then says.

Every step may be done twice, by two requests at once or again after a crash: what has its turn is decided under the
version of `pushes/{stream}`, an object is written once, and a playlist never replaces one that knew more.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.cloud import tracing
from pipeline.documents import leases, pushes
from pipeline.documents.leases import Lease
from pipeline.documents.pushes import Assigned, Push
from pipeline.domain import names
from pipeline.domain.errors import Conflict, LeaseLost, Stopped
from pipeline.domain.model import Segment, SegmentRef
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: the session (None: none has begun), its segments so far, and what is waited for."""

    session: str | None
    segments: int = 0
    waiting: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Pusher:
    """A sender's request, and the sender's lease as it stood when the request came."""

    lease: Lease
    settings: Ingest
    traceparent: str | None = None  # the request's, which the segment that it brings continues

    @property
    def stream(self) -> str:
        """Its id."""
        return self.lease.stream

    def listed(self, listing: Listing) -> Outcome:
        """Takes what a playlist lists. Raises Conflict, Unavailable, NotFound (a deleted stream)."""
        return self._go_on(listing)

    def arrived(self, name: str) -> Outcome:
        """A segment was staged: it is taken at once where a playlist that came before it lists it."""
        push = pushes.load(self.stream)
        if push is None:
            return Outcome(None)
        if any(item.name == name for item in push.waiting):
            return self._go_on(None)
        return Outcome(push.session if push.next else None, push.next, tuple(item.name for item in push.waiting))

    def _go_on(self, listing: Listing | None) -> Outcome:
        told: Outcome | None = None
        for left in reversed(range(_ATTEMPTS)):
            try:
                self.lease.rejoin()
                outcome = self._attempt(listing)
            except Stopped:
                raise
            except LeaseLost:
                if leases.held(self.stream) is not None:
                    raise
                return Outcome(self.lease.session, ended=True)  # by another request of the sender, in the meantime
            except Conflict:
                if not left:  # else another request may have decided or listed meanwhile: look again
                    raise
                continue
            # A segment that came between our look and our decision found a decision that did not wait for it yet.
            if outcome == told or not self._came(outcome.waiting):
                return outcome
            told, listing = outcome, None
        assert told is not None
        return told

    def _came(self, waiting: tuple[str, ...]) -> bool:
        return bool(waiting) and not staging.look(self.stream).segments.keys().isdisjoint(waiting)

    def _attempt(self, listing: Listing | None) -> Outcome:
        lease = self.lease
        stage = staging.look(self.stream)
        before = pushes.load(self.stream)
        seen = live_playlist.look(self.stream, lease.session, before, self.settings)
        push = current(self.stream, before, lease, listing, seen, stage, self.settings)
        push = advance(push, listing, stage.segments)
        if push != before and (push.next or push.waiting):
            pushes.save(self.stream, push)
        if push.next == 0:
            return Outcome(None, waiting=tuple(item.name for item in push.waiting))
        content = self._store(push, seen)
        ended = push.ended and not push.waiting
        if ended:
            self._end(push, seen, stage)
        else:
            if live_playlist.write(seen, push, self.settings):
                record.progress(self.stream, push, content)
            for entry in push.assigned:
                staging.drop(self.stream, entry.name, entry.generation)
        return Outcome(push.session, push.next, tuple(item.name for item in push.waiting), ended)

    def _store(self, push: Push, seen: Window) -> remux.Content | None:
        """Stores what is assigned and not yet stored, and adds it to what was seen. Returns what the last one holds."""
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
            # Another request may have stored it and cleared up since we looked: looking again tells.
            raise Conflict(f"{names.staged_object(self.stream, entry.name)} was taken meanwhile")
        return init + data

    def _end(self, push: Push, seen: Window, stage: Stage) -> None:
        live_playlist.pause(seen)
        closed = stored.close(self.stream, push.session)
        # Before the lease goes: a request that comes after would take what is left for the start of a new push.
        for staged in stage.segments.values():
            if staged.identity in push.recent:
                staging.drop(self.stream, staged.name, staged.generation)
        record.end(self.lease, push, closed)
