"""A Speech-to-Text that says what a test tells it to, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
from google.cloud.speech_v2.types import (
    BatchRecognizeFileResult,
    BatchRecognizeRequest,
    BatchRecognizeResponse,
    RecognizeRequest,
    RecognizeResponse,
)
from google.longrunning import operations_pb2

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


def hears(*words: tuple[str, float, float], speaker: str = "", billed: int = 9) -> BatchRecognizeFileResult:
    """These words, from and to which second of the recording."""
    heard = [
        {
            "word": word,
            "start_offset": timedelta(seconds=start),
            "end_offset": timedelta(seconds=end),
            "speaker_label": speaker,
        }
        for word, start, end in words
    ]
    results = [{"alternatives": [{"words": heard}], "language_code": "en-us"}] if words else []
    transcript = {"results": results}
    return BatchRecognizeFileResult(
        inline_result={"transcript": transcript}, metadata={"total_billed_duration": timedelta(seconds=billed)}
    )  # fmt: skip


class FakeSpeech:
    """`answers` are used up in order; the last one stays. So are `heard`, the outcomes of recordings: None while one
    is at work, or a status with which the operation ends."""

    def __init__(self) -> None:
        self.requests: list[RecognizeRequest] = []
        self.answers: list[Answer] = []
        self.recordings: list[BatchRecognizeRequest] = []
        self.heard: list[BatchRecognizeFileResult | grpc.StatusCode | None] = []
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(4))
        handler = grpc.unary_unary_rpc_method_handler(
            self._answer,
            request_deserializer=RecognizeRequest.deserialize,
            response_serializer=RecognizeResponse.serialize,
        )
        batch = grpc.unary_unary_rpc_method_handler(
            self._batch,
            request_deserializer=BatchRecognizeRequest.deserialize,
            response_serializer=operations_pb2.Operation.SerializeToString,
        )
        operation = grpc.unary_unary_rpc_method_handler(
            self._operation,
            request_deserializer=operations_pb2.GetOperationRequest.FromString,
            response_serializer=operations_pb2.Operation.SerializeToString,
        )
        calls = {"Recognize": handler, "BatchRecognize": batch}
        self._server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler("google.cloud.speech.v2.Speech", calls),
                grpc.method_handlers_generic_handler("google.longrunning.Operations", {"GetOperation": operation}),
            )
        )
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def answer(self, *answers: Answer) -> None:
        """Forgets earlier requests, and answers so from now on."""
        with self._lock:
            self.requests.clear()
            self.answers[:] = answers

    def hear(self, *heard: BatchRecognizeFileResult | grpc.StatusCode | None) -> None:
        """Forgets earlier recordings, and hears so from now on."""
        with self._lock:
            self.recordings.clear()
            self.heard[:] = heard

    def stop(self) -> None:
        self._server.stop(None).wait()

    def _answer(self, request: RecognizeRequest, context: grpc.ServicerContext) -> RecognizeResponse:
        with self._lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, grpc.StatusCode):
            context.abort(answer, f"told to say {answer.name}")
        return answer(request)

    def _batch(self, request: BatchRecognizeRequest, _: grpc.ServicerContext) -> operations_pb2.Operation:
        with self._lock:
            self.recordings.append(request)
            return operations_pb2.Operation(name=f"projects/p/locations/global/operations/{len(self.recordings)}")

    def _operation(
        self, request: operations_pb2.GetOperationRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        with self._lock:
            heard = self.heard.pop(0) if len(self.heard) > 1 else self.heard[0]
        if heard is grpc.StatusCode.NOT_FOUND:
            context.abort(heard, "no such operation")
        answer = operations_pb2.Operation(name=request.name, done=heard is not None)
        if isinstance(heard, grpc.StatusCode):
            answer.error.code = heard.value[0]
        elif heard is not None:
            uri = self.recordings[-1].files[0].uri
            answer.response.Pack(BatchRecognizeResponse.pb(BatchRecognizeResponse(results={uri: heard})))
        return answer
