"""A Speech-to-Text that says what a test tells it to, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
from google.cloud.speech_v2.types import RecognizeRequest, RecognizeResponse

Answer = Callable[[RecognizeRequest], RecognizeResponse] | grpc.StatusCode


def says(*words: tuple[str, float, float], billed: int = 3) -> Answer:
    """These words, from and to which second of the sound that was sent."""

    def answer(_: RecognizeRequest) -> RecognizeResponse:
        heard = [
            {
                "word": word,
                "start_offset": timedelta(seconds=start),
                "end_offset": timedelta(seconds=end),
                "confidence": 0.5,
            }
            for word, start, end in words
        ]
        results = [{"alternatives": [{"transcript": "", "words": heard}], "language_code": "en-us"}] if words else []
        return RecognizeResponse(
            results=results, metadata={"total_billed_duration": timedelta(seconds=billed)}
        )  # fmt: skip

    return answer


class FakeSpeech:
    """`answers` are used up in order; the last one stays."""

    def __init__(self) -> None:
        self.requests: list[RecognizeRequest] = []
        self.answers: list[Answer] = []
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(4))
        handler = grpc.unary_unary_rpc_method_handler(
            self._answer,
            request_deserializer=RecognizeRequest.deserialize,
            response_serializer=RecognizeResponse.serialize,
        )
        handlers = grpc.method_handlers_generic_handler("google.cloud.speech.v2.Speech", {"Recognize": handler})
        self._server.add_generic_rpc_handlers((handlers,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def answer(self, *answers: Answer) -> None:
        """Forgets earlier requests, and answers so from now on."""
        with self._lock:
            self.requests.clear()
            self.answers[:] = answers

    def stop(self) -> None:
        self._server.stop(None).wait()

    def _answer(self, request: RecognizeRequest, context: grpc.ServicerContext) -> RecognizeResponse:
        with self._lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, grpc.StatusCode):
            context.abort(answer, f"told to say {answer.name}")
        return answer(request)
