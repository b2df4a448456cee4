"""Publishing to Google's Pub/Sub emulator over plain gRPC."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from .events import Message
from .outbox import PublishError

log = logging.getLogger(__name__)


class PubSub:
    """A publisher to `endpoint` (host:port). Imports and connects when the first message comes."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    @cached_property
    def _channel(self) -> Any:
        import grpc

        # A server that comes up late, or comes back, is found within a second: the default waits up to two minutes.
        options = [("grpc.max_reconnect_backoff_ms", 1000), ("grpc.initial_reconnect_backoff_ms", 100)]
        return grpc.insecure_channel(self._endpoint, options=options)

    @cached_property
    def _call(self) -> Callable[..., Any]:
        from google.pubsub_v1.types import PublishRequest, PublishResponse

        return self._channel.unary_unary(
            "/google.pubsub.v1.Publisher/Publish",
            request_serializer=PublishRequest.serialize,
            response_deserializer=PublishResponse.deserialize,
        )

    def warm_up(self) -> None:
        """Pays for the imports (0.3 s) before the first message does. For a thread of its own."""
        _ = self._call

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Raises PublishError."""
        import grpc
        from google.pubsub_v1.types import PublishRequest, PubsubMessage

        batch = [PubsubMessage(data=message.data, attributes=message.attributes) for message in messages]
        try:
            self._call(PublishRequest(topic=topic, messages=batch), timeout=10)
        except grpc.RpcError as error:
            why = f"{error.code().name}: {error.details()}" if isinstance(error, grpc.Call) else str(error)
            raise PublishError(f"{topic} at {self._endpoint}: {why}") from error

    def close(self) -> None:
        """Closes the connection."""
        self._channel.close()


class Nowhere:
    """Without a Pub/Sub to publish to: every message is logged, since it is lost."""

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Logs."""
        for message in messages:
            log.warning("no --pubsub given, notification dropped: %s %s", topic, message.attributes)

    def close(self) -> None:
        """Nothing to close."""
