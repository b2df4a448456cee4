"""A session without a network: a storage and a record that remember, and sources made of bytes."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import av
from tests.lint.hls import lint, lint_revisions
from tests.lint.plugin import watched
from tests.lint.watch import PlaylistWatch

from ingest.session.broadcast import Broadcast
from ingest.session.feed import LiveFeed
from ingest.session.lease_keeper import LeaseKeeper
from ingest.session.session import Context, Summary
from ingest.settings import Ingest
from pipeline.cloud import objects
from pipeline.control.lease import Lease, LeaseState
from pipeline.domain import names
from pipeline.domain.model import Segment
from pipeline.domain.playlist import Playlist, rebuilt
from pipeline.sessions import stored

STARTED = datetime(2026, 1, 31, 12, 0, 0, 123_456, UTC)


@dataclass
class Memory:
    """Storage in memory. `before` runs at the start of every write of a segment; `watch` judges what is stored."""

    segments: list[tuple[Segment, bytes]] = field(default_factory=list)
    revisions: dict[str, list[str]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    before: Callable[[Segment], object] = lambda segment: None
    watch: PlaylistWatch = field(default_factory=watched)

    def segment(self, segment: Segment, data: bytes) -> None:
        self.before(segment)
        self.watch.segment(names.segment_object(segment.ref), data, objects.segment_metadata(segment))
        self.segments.append((segment, data))
        self.log.append(f"segment {segment.ref.sequence}")

    def playlist(self, name: str, text: str) -> None:
        leaf = name.rpartition("/")[2]
        self.watch.playlist(name, text, time.monotonic())
        self.revisions.setdefault(leaf, []).append(text)
        self.log.append(leaf)

    def standing(self, stream: str, session: str, window: float, longest: int) -> Playlist | None:
        kept = [segment for segment, _ in self.segments if segment.ref.session == session]
        live = self.revisions.get("index.m3u8", [])
        return rebuilt(kept, live[-1] if live else None, window=window, longest=longest)

    def close(self, stream: str, session: str) -> dict[str, Any]:
        self.log.append(f"close {session}")
        return {"vod": session}


@dataclass
class Records:
    """What Firestore would have been told, in order."""

    writes: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    def __call__(self, stream_id: str, session: str, stream: dict[str, Any], facts: dict[str, Any], /) -> None:
        self.writes.append((stream, facts))

    def states(self) -> list[str]:
        return [stream["state"] for stream, _ in self.writes if "state" in stream]

    def stream(self) -> dict[str, Any]:
        return {name: value for stream, _ in self.writes for name, value in stream.items()}

    def session(self) -> dict[str, Any]:
        return {name: value for _, facts in self.writes for name, value in facts.items()}


class Bytes:
    """A source that counts what was taken of it. `broken`: it ends without a word."""

    def __init__(self, data: bytes, *, broken: bool = False) -> None:
        self.broken = broken
        self._data = data
        self.taken = 0
        self.moved = threading.Condition()

    def read(self, size: int, /) -> bytes:
        with self.moved:
            piece = self._data[self.taken : self.taken + size]
            self.taken += len(piece)
            self.moved.notify_all()
        return piece


@dataclass
class Published:
    """A finished session."""

    summary: Summary
    storage: Memory
    records: Records


class Held(Lease):
    """A lease without a rival: `waits` is until when it was suspended."""

    def __init__(self, session: str = "s", unfinished: tuple[str, ...] = ()) -> None:
        super().__init__(LeaseState("cam", session, "token", False, 30.0, list(unfinished), "1"))
        self.waits: datetime | None = None
        self.released = False

    def resume(self, resumed: bool) -> None:
        self.state = replace(self.state, resumed=resumed)

    def _do(self, operation: str, **arguments: Any) -> None:
        """What front answers to each operation."""
        state = self.state
        if operation == "move":
            before = [*state.unfinished, state.session]
            self.state = replace(state, session=arguments["session"], unfinished=before, resumed=False)
        elif operation == "finished":
            self.state = replace(state, unfinished=[one for one in state.unfinished if one != arguments["session"]])
        elif operation == "suspend":
            self.waits = datetime.fromisoformat(arguments["until"])
        elif operation == "release":
            self.released = True


@dataclass
class Publishing:
    """A sender that holds the lease. `run` publishes a source."""

    storage: Memory
    records: Records
    settings: Ingest = field(default_factory=Ingest)
    lease: Held = field(default_factory=Held)
    clock: Callable[[], datetime] = lambda: STARTED
    told: list[Summary] = field(default_factory=list)
    keepers: list[LeaseKeeper] = field(default_factory=list)

    def run(self, source: Bytes) -> Summary:
        with LeaseKeeper(self.lease, lambda: None) as keeper:
            self.keepers.append(keeper)
            context = Context(
                *("cam", self.settings, self.storage, self.records, keeper.check),
                *(lambda: None, self.told.append, self.clock),
            )
            with (
                mock.patch.object(stored, "standing", self.storage.standing),
                mock.patch.object(stored, "close", self.storage.close),
            ):
                return Broadcast(self.lease, keeper, context, LiveFeed(source)).run("http")


def session(storage: Memory, records: Records, settings: Ingest | None = None) -> Publishing:
    return Publishing(storage, records, settings or Ingest())


def publish(data: bytes | Path, settings: Ingest | None = None) -> Published:
    storage, records = Memory(), Records()
    source = Bytes(data.read_bytes() if isinstance(data, Path) else data)
    summary = session(storage, records, settings).run(source)
    return Published(summary, storage, records)


def sent(data: bytes) -> tuple[Memory, Records]:
    storage, records = Memory(), Records()
    Publishing(storage, records).run(Bytes(data))
    assert lint_revisions(storage.revisions["index.m3u8"]) == []
    assert lint(storage.revisions["vod.m3u8"][-1]) == []
    return storage, records


def sizes(storage: Memory) -> list[tuple[int, int]]:
    """Width and height of what each segment decodes to by itself; each must decode whole."""
    found: list[tuple[int, int]] = []
    for _, data in storage.segments:
        with av.open(io.BytesIO(data), "r") as container:
            shown = {(frame.width, frame.height) for frame in container.decode(video=0)}
        assert len(shown) == 1
        found += shown
    return found
