"""The gRPC server: the service, its health, and a refusal by name for every other call of Google's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.cloud.vision_v1.types import BatchAnnotateImagesRequest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from .errors import CallError
from .service import ImageAnnotator

_PREFIX = "/google."
_BATCH_ANNOTATE_IMAGES = "/google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages"
_LARGEST_REQUEST = 41_943_040  # bytes, as Google's
_CALLS = 32  # at once; each holds a thread that mostly waits for the workers

log = logging.getLogger(__name__)


class Server:
    """`start` binds; the health service says SERVING from then until `stop`."""

    def __init__(self, service: ImageAnnotator, host: str, port: int) -> None:
        options = [("grpc.max_receive_message_length", _LARGEST_REQUEST), ("grpc.so_reuseport", 0)]
        self._server = grpc.server(ThreadPoolExecutor(_CALLS), options=options, maximum_concurrent_rpcs=2 * _CALLS)
        self._server.add_generic_rpc_handlers((_Calls(service),))
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


class _Calls(grpc.GenericRpcHandler):
    def __init__(self, service: ImageAnnotator) -> None:
        request: Any = BatchAnnotateImagesRequest.pb()
        self._batch_annotate_images = grpc.unary_unary_rpc_method_handler(
            _answering(service.batch_annotate_images),
            request_deserializer=request.FromString,
            response_serializer=_serialize,
        )

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        method = handler_call_details.method
        if method == _BATCH_ANNOTATE_IMAGES:
            return self._batch_annotate_images
        if not method.startswith(_PREFIX):
            return None
        return grpc.unary_unary_rpc_method_handler(_refusing(f"{method.removeprefix('/')} is not emulated."))


def _answering(call: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    def handle(request: Any, context: grpc.ServicerContext) -> Any:
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
