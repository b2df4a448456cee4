"""The publishers: nginx asks about each, and ingest decides."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.domain.names import check_stream
from sender.errors import Conflict, SendError, Unauthorized, UnsupportedMedia
from sender.websocket import Connection

from .forward import Forwarder
from .settings import Rtmp

log = logging.getLogger(__name__)

_JOIN_SECONDS = 3.0  # for our own player to connect before the publisher is admitted
_SETTLE_SECONDS = 0.2  # between a publisher's end and the decision how it ended
_REFUSAL_SECONDS = 15.0  # an encoder that retries by itself is refused at once for this long
_MAX_DISCONNECTED = 256


@dataclass(slots=True)
class _Publisher:
    forwarder: Forwarder
    token: str  # what our own player shows to nginx
    joined: threading.Event = field(default_factory=threading.Event)
    player: str | None = None  # its client id


class Relay:
    """Publishers by the client ids of nginx. `drop` disconnects a client."""

    def __init__(self, settings: Rtmp, drop: Callable[[str], None]) -> None:
        self._settings, self._drop = settings, drop
        self._lock = threading.Lock()
        self._publishers: dict[str, _Publisher] = {}
        self._disconnected: OrderedDict[str, int] = OrderedDict()
        self._refused: dict[tuple[str, str], tuple[float, str]] = {}

    def __len__(self) -> int:
        return len(self._publishers)

    def publish(self, client: str, stream: str, key: str, address: str) -> None:
        """Admits a publisher, once ingest has accepted it and our own player waits. Raises the reason against it."""
        check_stream(stream)
        if not key:
            raise Unauthorized(f"no key: the encoder's stream key must be {stream}?key=KEY")
        self._check_refused(stream, address)
        token = secrets.token_urlsafe(12)
        url = f"{self._settings.ingest_url.rstrip('/')}/streams/{stream}"
        forwarder = Forwarder(
            stream,
            f"rtmp://127.0.0.1:{self._settings.rtmp_port}/live/{stream}?pull={token}",
            lambda: Connection(url, key, "rtmp"),
            lambda error: self._failed(client, stream, address, error),
        )
        publisher = _Publisher(forwarder, token)
        with self._lock:
            self._publishers[client] = publisher
        forwarder.start()
        publisher.joined.wait(_JOIN_SECONDS)
        log.info("publishing", extra={"labels": {"stream": stream, "address": address}})

    def play(self, client: str, stream: str, token: str) -> None:
        """Admits our own player. Raises Unauthorized for any other."""
        with self._lock:
            mine = [p for p in self._publishers.values() if secrets.compare_digest(p.token, token)]
        if not mine:
            raise Unauthorized(f"invalid player of {stream!r}: only the relay plays here")
        mine[0].player = client
        mine[0].joined.set()

    def publish_done(self, client: str, ticket: int) -> None:
        """Ends a publisher. The end is clean if it came before the close of its connection: `ticket` is the order."""
        with self._lock:
            publisher = self._publishers.get(client)
        if publisher is None:
            return  # it was refused
        time.sleep(_SETTLE_SECONDS)
        with self._lock:
            del self._publishers[client]
            clean = self._disconnected.get(client, ticket) >= ticket
        log.info("%s", "ended" if clean else "broken off", extra={"labels": {"stream": publisher.forwarder.stream}})
        publisher.forwarder.finish(clean=clean)
        if publisher.player:
            self._drop(publisher.player)

    def disconnect(self, client: str, ticket: int) -> None:
        """Records that a connection has closed."""
        with self._lock:
            self._disconnected[client] = ticket
            while len(self._disconnected) > _MAX_DISCONNECTED:
                self._disconnected.popitem(last=False)

    def close(self, seconds: float) -> None:
        """Leaves every session so that its publisher can continue it."""
        with self._lock:
            publishers = list(self._publishers.values())
        for publisher in publishers:
            publisher.forwarder.finish(clean=False)
            if publisher.player:
                self._drop(publisher.player)
        deadline = time.monotonic() + seconds
        for publisher in publishers:
            publisher.forwarder.join(max(0.0, deadline - time.monotonic()))

    def _failed(self, client: str, stream: str, address: str, error: SendError) -> None:
        """Disconnects an encoder whose stream cannot continue, and remembers why: it will connect again."""
        if isinstance(error, UnsupportedMedia):
            with self._lock:
                self._refused = {k: v for k, v in self._refused.items() if v[0] > time.monotonic()}
                self._refused[stream, address] = (time.monotonic() + _REFUSAL_SECONDS, str(error))
        self._drop(client)

    def _check_refused(self, stream: str, address: str) -> None:
        until, reason = self._refused.get((stream, address), (0.0, ""))
        if until > time.monotonic():
            raise Conflict(f"refused a moment ago: {reason}")
