"""A gRPC server of our emulators: its calls, its health, and a refusal by name of every other call of Google's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

_PREFIX = "/google."
_LARGEST_REQUEST = 41_943_040  # bytes, as Google's
_CALLS = 32  # at once; each holds a thread that mostly waits

log = logging.getLogger(__name__)
authorization: ContextVar[str] = ContextVar("authorization", default="")
"""The header `authorization` of the call that this thread answers; empty where it has none."""


class CallError(Exception):
    """The call as a whole is refused, with one of Google's status codes."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Method:
    """A call that is answered: the raw protobuf class of its request, and what takes one and returns a raw answer."""

    request: Any
    answer: Callable[[Any], Any]


class Server:
    """Answers `methods`, by full name (`/google.x.v1.Service/Method`). `start` binds; it says SERVING until `stop`."""

    def __init__(self, methods: Mapping[str, Method], host: str, port: int) -> None:
        options = [("grpc.max_receive_message_length", _LARGEST_REQUEST), ("grpc.so_reuseport", 0)]
        self._server = grpc.server(ThreadPoolExecutor(_CALLS), options=options, maximum_concurrent_rpcs=2 * _CALLS)
        self._server.add_generic_rpc_handlers((_Calls(methods),))
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._health.set("", health_pb2.HealthCheckResponse.NOT_SERVING)
        self.port = self._server.add_insecure_port(f"{host}:{port}")

    def start(self) -> None:
        """Takes calls from now on."""
        self._server.start()
        self._health.set("", health_pb2.HealthCheckResponse.SERVING)

    def stop(self, grace: float) -> None:
        """Refuses new calls and waits up to `grace` seconds for those under way."""
        self._health.enter_graceful_shutdown()
        self._server.stop(grace).wait()


def run(
    methods: Mapping[str, Method],
    host: str,
    port: int,
    *,
    until: threading.Event,
    ready: Callable[[], None] = lambda: None,
    grace: float = 2.0,
) -> int:
    """Answers `methods` until an event, and calls `ready` once it does. The exit status: 1 if it cannot listen.

    Calls under way have `grace` seconds to end.
    """
    try:
        server = Server(methods, host, port)
    except RuntimeError as error:
        log.error("cannot listen on %s:%d: %s", host, port, error)
        return 1
    server.start()
    log.info("serving on %s:%d", host, server.port)
    ready()
    until.wait()
    server.stop(grace)
    return 0


class _Calls(grpc.GenericRpcHandler):
    def __init__(self, methods: Mapping[str, Method]) -> None:
        self._handlers = {
            name: grpc.unary_unary_rpc_method_handler(
                _answering(method.answer),
                request_deserializer=method.request.FromString,
                response_serializer=_serialize,
            )
            for name, method in methods.items()
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        method = handler_call_details.method
        if handler := self._handlers.get(method):
            return handler
        if not method.startswith(_PREFIX):
            return None
        return grpc.unary_unary_rpc_method_handler(_refusing(f"{method.removeprefix('/')} is not emulated."))


def _answering(call: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        sent = {str(name): value for name, value in context.invocation_metadata()}
        authorization.set(str(sent.get("authorization", "")))
        try:
            return call(request)
        except CallError as error:
            log.warning("%s: %s", error.code.name, error)
            context.abort(error.code, str(error))

    return handle


def _refusing(message: str) -> Callable[[Any, grpc.ServicerContext], Any]:
    def handle(_: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, message)

    return handle


def _serialize(message: Any) -> bytes:
    return message.SerializeToString()
