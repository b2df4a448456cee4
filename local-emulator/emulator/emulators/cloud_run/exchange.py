"""One request, from its head to the end of its answer."""

from __future__ import annotations

import asyncio
from typing import Protocol

from .answers import ANSWER_TOO_LARGE, BROKEN_OFF, NO_INSTANCE, TOO_LARGE, TOO_LATE, Answer
from .heads import Header, Request, Trace, forwarded, returned, switched, trace_of
from .pool import Instance, NoInstance, Pool
from .record import Outcome
from .upstream import Upstream
from .workload import Workload

MAX_BODY_BYTES = 32 << 20  # bytes of a body over HTTP/1: https://cloud.google.com/run/quotas
_STARTS_WITHIN = 240.0  # s that Cloud Run lets a container take until it listens
_AGAIN = 0.05  # s


class Caller(Protocol):
    """The connection that the request came over."""

    address: str

    def write(self, *data: bytes) -> None:
        """To the caller."""
        ...

    def hold(self, held: bool) -> None:
        """Whether what the caller sends is left unread."""
        ...

    def flow(self) -> None:
        """Reads on, where less is buffered now."""
        ...

    def abort(self) -> None:
        """Cuts the connection."""
        ...


class Exchange:
    """Takes the body as it comes in (`take`, `whole`, `broken_off`), and runs as a task (`serve`).

    `reusable`: the caller's connection may carry another request.
    """

    def __init__(self, workload: Workload, pool: Pool, caller: Caller, request: Request) -> None:
        self.request = request
        self.trace: Trace = trace_of(request)
        self.reusable = False
        self.received = 0
        self.complete = False
        self.tunnels = False
        self._workload = workload
        self._pool = pool
        self._caller = caller
        self._upstream: Upstream | None = None
        self._waiting: list[bytes] = []  # body that came before there was an instance
        self._began = asyncio.get_running_loop().time()
        self._done = asyncio.Event()
        self._refusal: Answer | None = None
        self._status = 0
        self._sent = 0
        self._chunked = False
        self._ended = False
        self._cut = False  # the caller broke off within the body
        self._broken = False  # the instance broke off before it answered
        if (request.length or 0) > MAX_BODY_BYTES:
            self._fail(TOO_LARGE)

    async def serve(self) -> Outcome:
        """Returns once it is answered, refused, or cut."""
        try:
            async with asyncio.timeout(self._workload.timeout):
                await self._serve()
        except TimeoutError:
            self._fail(TOO_LATE)
        except NoInstance:
            self._fail(NO_INSTANCE)
        finally:
            if self._upstream:
                self._upstream.close()
        if self._refusal:
            self._refuse(self._refusal)
        self.reusable = self._ended and self.complete and self.request.keeps_alive and not self.tunnels
        seconds = asyncio.get_running_loop().time() - self._began
        reason = self._refusal.reason if self._refusal else ""
        return Outcome(self._status, seconds, self.received, self._sent, reason)

    def take(self, data: bytes) -> None:
        """Some of the body."""
        self.received += len(data)
        if self.tunnels:
            self._forward(data)
        elif self.received > MAX_BODY_BYTES:
            self._fail(TOO_LARGE)
        elif self.request.chunked:
            self._forward(b"%x\r\n" % len(data), data, b"\r\n")
        else:
            self._forward(data)

    def whole(self) -> None:
        """The body is whole."""
        self.complete = True
        if self.request.chunked:
            self._forward(b"0\r\n\r\n")

    def broken_off(self) -> None:
        """The caller sends no more, within the body or in a tunnel: the instance's input ends there too."""
        self._cut = True
        if self._upstream:
            self._upstream.end()

    def left(self) -> None:
        """The caller's connection is gone. What it has sent whole is still handed over."""
        if not self.complete or self.tunnels:
            self.broken_off()
        if self._status:
            self._done.set()

    @property
    def buffered(self) -> int:
        """Bytes that wait for an instance."""
        return sum(map(len, self._waiting))

    async def _serve(self) -> None:
        if self._refusal:
            return
        deadline = asyncio.get_running_loop().time() + _STARTS_WITHIN
        while True:
            async with self._pool.place() as instance:
                if await self._connect(instance):
                    await self._done.wait()
                    if self._broken:
                        self._pool.failed(instance)
                    return
            if asyncio.get_running_loop().time() > deadline:
                self._fail(BROKEN_OFF)
                return
            await asyncio.sleep(_AGAIN)

    async def _connect(self, instance: Instance) -> bool:
        """Whether it listens."""
        upstream = Upstream(self, without_body=self.request.method == b"HEAD")
        try:
            await asyncio.get_running_loop().create_connection(lambda: upstream, "127.0.0.1", instance.port)
        except OSError:
            self._pool.failed(instance)
            return False
        upstream.write(forwarded(self.request, self._caller.address, self.trace), *self._waiting)
        self._waiting.clear()
        self._upstream = upstream
        self._caller.flow()
        if self._cut:
            upstream.end()
        return True

    def _forward(self, *data: bytes) -> None:
        if self._upstream:
            self._upstream.write(*data)
        elif not self._done.is_set():
            self._waiting += data

    # What the instance says.

    def answer_begins(self, status: int, phrase: bytes, headers: list[Header]) -> None:
        """See Listener."""
        length = next((int(value) for name, value in headers if name == b"content-length" and value.isdigit()), None)
        if length is not None and length > MAX_BODY_BYTES and self.request.method != b"HEAD":
            self._fail(ANSWER_TOO_LARGE)
            return
        bodiless = self.request.method == b"HEAD" or status in (204, 304)
        self._status = status
        self._chunked = length is None and not bodiless and self.request.version == "1.1"
        keeps = self.request.keeps_alive and self.complete and (length is not None or bodiless or self._chunked)
        self.request.keeps_alive = keeps
        self._caller.write(returned(b"%d %s" % (status, phrase), headers, chunked=self._chunked, keeps=keeps))

    def answer_goes_on(self, data: bytes) -> None:
        """Passes bytes of the body on to the caller, until the exchange is over."""
        if self._done.is_set():
            return
        self._sent += len(data)
        if self._chunked:
            self._caller.write(b"%x\r\n" % len(data), data, b"\r\n")
        else:
            self._caller.write(data)

    def answer_ends(self) -> None:
        """See Listener."""
        if self._done.is_set():
            return
        if self._chunked:
            self._caller.write(b"0\r\n\r\n")
        self._ended = True
        self._done.set()

    def invited(self) -> None:
        """See Listener."""
        self._caller.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def switches(self, headers: list[Header], data: bytes) -> None:
        """See Listener."""
        self._status = 101
        self.tunnels = True
        self._caller.write(switched(headers), data)
        self._caller.hold(False)

    def tunnelled(self, data: bytes) -> None:
        """See Listener."""
        self._sent += len(data)
        self._caller.write(data)

    def instance_gone(self) -> None:
        """See Listener."""
        if not self._done.is_set() and not self._status:
            self._broken = True
            self._fail(BROKEN_OFF)
        self._done.set()

    def instance_is_slow(self, slow: bool) -> None:
        """See Listener."""
        self._caller.hold(slow)

    def caller_is_slow(self, slow: bool) -> None:
        """The caller takes the answer more slowly than it comes."""
        if self._upstream:
            self._upstream.hold(slow)

    def _fail(self, answer: Answer) -> None:
        if not self._ended and not self._refusal:
            self._refusal = answer
        self._waiting.clear()
        self._done.set()

    def _refuse(self, answer: Answer) -> None:
        if self._upstream:
            self._upstream.abort()
        if self._status:  # the answer has begun: all that is left is to cut it
            self._caller.abort()
            return
        self._status = answer.status
        self._caller.write(answer.encoded(with_body=self.request.method != b"HEAD"))
