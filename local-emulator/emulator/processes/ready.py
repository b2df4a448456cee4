"""Readiness checks of processes, repeated until they succeed."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable

Check = Callable[[], bool]
_TIMEOUT = 1.0  # s


def http_answers(port: int, path: str, *, below: int = 600, host: str = "127.0.0.1") -> Check:
    """`GET path` gets an answer with a status lower than `below`."""

    def check() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < below
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return check


def grpc_serving(port: int) -> Check:
    """gRPC's health service says SERVING."""

    def check() -> bool:
        if not _listens(port):  # a channel is dear, and this is asked 25 times a second
            return False
        import grpc  # here, so that only the process that asks pays for it
        from grpc_health.v1 import health_pb2

        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            ask = channel.unary_unary(
                "/grpc.health.v1.Health/Check",
                request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                response_deserializer=health_pb2.HealthCheckResponse.FromString,
            )
            try:
                answer = ask(health_pb2.HealthCheckRequest(), timeout=_TIMEOUT)
            except grpc.RpcError:
                return False
            return answer.status == health_pb2.HealthCheckResponse.SERVING

    return check


def listens(*ports: int) -> Check:
    """Each of `ports` accepts connections."""
    return lambda: all(_listens(port) for port in ports)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT):
            return True
    except OSError:
        return False
