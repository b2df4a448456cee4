"""Sends a source over one WebSocket after another: a new connection continues the session of the broken one.

A file continues from what ingest has stored; a live source continues with its next keyframe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError

from .dial import Dial
from .errors import Unavailable, UnsupportedMedia
from .pace import paced
from .remux import Chunk, Remuxer, remuxed
from .source import Source, Timed, open_source, packets
from .websocket import Connection

Sent = Callable[[Chunk], None]


@dataclass(slots=True)
class _Leg:
    """The part of a file that one connection carries, in seconds of the source."""

    connection: Connection
    until: float | None
    began: float | None = None
    renewed: float | None = None

    def of(self, timed: Iterable[Timed]) -> Iterator[Timed]:
        """Packets up to the end of the push, or to the keyframe at which a new connection takes over."""
        for one in timed:
            self.began = one.at if self.began is None else self.began
            if self.until is not None and one.at >= self.until:
                return
            if self.connection.renew and one.cuts:
                self.renewed = one.at
                return
            yield one

    @property
    def stored(self) -> float:
        """The position up to which ingest has stored the source."""
        return (self.began or 0.0) + self.connection.taken


def send_file(
    source: Source, first: InputContainer, dial: Dial, sent: Sent, stop: threading.Event, until: float | None = None
) -> dict[str, Any]:
    """Sends in real time. Returns ingest's summary; an empty one if the stop came while there was no connection."""
    connection: Connection | None = dial.first()
    container, position = first, 0.0
    while connection is not None:
        leg = _Leg(connection, until)
        try:
            with closing(packets(source, container, position)) as timed:
                _send(leg, timed, sent, stop)
            if leg.renewed is None:
                return connection.end()
            connection.leave()
            position = leg.renewed
        except Unavailable:
            position = max(position, leg.stored)
        connection = dial.again()
        container = open_source(source)
    return {}


def _send(leg: _Leg, timed: Generator[Timed], sent: Sent, stop: threading.Event) -> None:
    try:
        for chunk in paced(remuxed(leg.of(timed)), stop.wait):
            leg.connection.send(chunk.data)
            sent(chunk)
    except FFmpegError as error:
        leg.connection.fail(f"the file cannot be read to its end: {error.strerror}")
        raise


class LiveSender:
    """Sends the packets of a live source as they come. Without a connection it drops them: nothing queues up."""

    def __init__(self, dial: Dial, connection: Connection, sent: Sent) -> None:
        self.connection: Connection | None = connection
        self._dial, self._sent = dial, sent
        self._remuxer: Remuxer | None = None

    def feed(self, one: Timed) -> None:
        """Sends a packet, in a container that began with a keyframe. Raises SendError once ingest refuses for good."""
        if one.cuts and self.connection and self.connection.renew:
            self._renew(self.connection)
        if self.connection is None:
            self.connection = self._dial.meanwhile()
        if self.connection is None or (self._remuxer is None and not one.cuts):
            return
        self._remuxer = self._remuxer or Remuxer(one.container)
        if chunk := self._remuxer.feed(one):
            self._deliver(chunk)

    def end(self) -> dict[str, Any]:
        """Ends the stream cleanly. Returns ingest's summary, or an empty one without a connection."""
        self._finish()
        return self.connection.end() if self.connection else {}

    def leave(self) -> None:
        """Closes without an end: the session waits for another connection."""
        self._finish()
        if self.connection:
            self.connection.leave()

    def _renew(self, connection: Connection) -> None:
        self._finish()
        connection.leave()
        self.connection = self._dial.again()

    def _finish(self) -> None:
        if self._remuxer:
            rest, self._remuxer = self._remuxer.finish(), None
            self._deliver(rest)

    def _deliver(self, chunk: Chunk) -> None:
        if self.connection is None:
            return
        try:
            self.connection.send(chunk.data)
        except Unavailable:
            self.connection, self._remuxer = None, None
            return
        self._sent(chunk)


def send_live(
    timed: Iterator[Timed], sender: LiveSender, stop: threading.Event, until: float | None = None
) -> dict[str, Any]:
    """Sends until the source ends, `stop` is set, or `until` seconds of the source have passed.

    Returns ingest's summary, or an empty one without a connection.
    """
    feed_all(takewhile(lambda one: not stop.is_set() and (until is None or one.at < until), timed), sender)
    return sender.end()


def feed_all(timed: Iterable[Timed], sender: LiveSender) -> None:
    """Sends until the source ends. Raises UnsupportedMedia if it has no packet."""
    begun = False
    for one in timed:
        begun = True
        sender.feed(one)
    if not begun:
        raise UnsupportedMedia("the source ended before its first packet")
