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
from pipeline.domain.throttle import Throttle
from sender.errors import Conflict, SendError, Unauthorized, UnsupportedMedia, UsedUp
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
        self._clients: dict[str, str] = {}  # by stream: the client that publishes it, or asks to
        self._disconnected: OrderedDict[str, int] = OrderedDict()
        self._refused: dict[tuple[str, str], tuple[float, str]] = {}
        self._wrong_keys = Throttle()

    def __len__(self) -> int:
        return len(self._publishers)

    @property
    def clients(self) -> tuple[str, ...]:
        """The ids of the clients that publish."""
        return tuple(self._publishers)

    def publish(self, client: str, stream: str, key: str, address: str) -> None:
        """Admits a publisher, once ingest has accepted it and our own player waits. Raises the reason against it."""
        check_stream(stream)
        if not key:
            raise Unauthorized(f"no key: the encoder's stream key must be {stream}?key=KEY")
        self._wrong_keys.check(address)
        self._check_refused(stream, address)
        self._claim(client, stream)
        try:
            publisher = self._connected(client, stream, key, address)
        except BaseException as error:
            if isinstance(error, Unauthorized):  # ingest sees the relay's address alone
                self._wrong_keys.failed(address)
            self._give_up(client)
            raise
        publisher.forwarder.start()
        publisher.joined.wait(_JOIN_SECONDS)
        log.info("publishing", extra={"labels": {"stream": stream, "address": address}})

    def play(self, client: str, stream: str, token: str) -> None:
        """Admits our own player of the stream that its publisher holds. Raises Unauthorized for any other."""
        with self._lock:
            mine = self._publishers.get(self._clients.get(stream, ""))
        if mine is None or not secrets.compare_digest(mine.token.encode(), token.encode()):
            raise Unauthorized(f"invalid player of {stream!r}: only the relay plays here")
        mine.player = client
        mine.joined.set()

    def publish_done(self, client: str, ticket: int) -> None:
        """Ends a publisher. The end is clean if it came before the close of its connection: `ticket` is the order."""
        with self._lock:
            publisher = self._publishers.get(client)
        if publisher is None:  # it was refused, or left before ingest had answered
            self._give_up(client)
            return
        time.sleep(_SETTLE_SECONDS)
        self._give_up(client)
        with self._lock:
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

    def _claim(self, client: str, stream: str) -> None:
        """Keeps the stream for this client. Raises Conflict if another has it, or if this one publishes already."""
        with self._lock:
            if stream in self._clients:
                raise Conflict(f"stream {stream!r} is published already: stop the other encoder first")
            if client in self._clients.values():
                raise Conflict("this connection publishes a stream already: expected one stream a connection")
            self._clients[stream] = client

    def _give_up(self, client: str) -> None:
        with self._lock:
            self._publishers.pop(client, None)
            self._clients = {stream: one for stream, one in self._clients.items() if one != client}

    def _connected(self, client: str, stream: str, key: str, address: str) -> _Publisher:
        """The publisher that ingest has accepted. Raises the SendError of its answer."""
        token = secrets.token_urlsafe(12)
        url = f"{self._settings.ingest_url.rstrip('/')}/streams/{stream}"
        forwarder = Forwarder(
            stream,
            f"rtmp://127.0.0.1:{self._settings.rtmp_port}/live/{stream}?pull={token}",
            lambda: Connection(url, key, "rtmp"),
            lambda error: self._failed(client, stream, address, error),
        )
        with self._lock:
            if self._clients.get(stream) == client:
                return self._publishers.setdefault(client, _Publisher(forwarder, token))
        forwarder.abandon()
        raise Conflict("the encoder left while ingest was asked")

    def _failed(self, client: str, stream: str, address: str, error: SendError) -> None:
        """Disconnects an encoder whose stream cannot continue, and remembers why: it will connect again."""
        if isinstance(error, (UnsupportedMedia, UsedUp)):
            with self._lock:
                self._refused = {k: v for k, v in self._refused.items() if v[0] > time.monotonic()}
                self._refused[stream, address] = (time.monotonic() + _REFUSAL_SECONDS, str(error))
        self._give_up(client)
        self._drop(client)

    def _check_refused(self, stream: str, address: str) -> None:
        until, reason = self._refused.get((stream, address), (0.0, ""))
        if until > time.monotonic():
            raise Conflict(f"refused a moment ago: {reason}")
