"""BatchRecognize and its operations: one recording is heard at a time. Operations last as long as this process.

The recogniser keeps Python to itself while it hears. It works in a process of its own: live calls and questions about
operations do not wait for an hour of sound.
"""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections import OrderedDict
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import Any

from google.cloud.speech_v2.types import BatchRecognizeResponse
from google.longrunning import operations_pb2
from google.protobuf import any_pb2
from grpc import StatusCode

from ...rpc import CallError
from .recogniser import RATE, Heard, Recogniser
from .recordings import RecordingError, stretches
from .service import check, coding, fill, location, refused

_KEPT = 1000  # operations that are remembered
_FILES = 15
_NICE = 10  # other processes come first

_Outcome = tuple[list[Heard], float] | RecordingError

log = logging.getLogger(__name__)


class Batches:
    """Answers raw messages. `storage` is the GCS emulator (host:port), which `account` reads from. Raises CallError."""

    def __init__(self, storage: str, account: str) -> None:
        self._storage, self._account = storage, account
        context = get_context("spawn")
        self._closed = context.Event()
        self._worker = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(self._closed,))
        self._operations: OrderedDict[str, tuple[Any, Future[_Outcome]]] = OrderedDict()
        self._lock = threading.Lock()

    def recognize(self, request: Any) -> Any:
        """Takes one recording; its words come with the operation."""
        where = location(request.recognizer)
        check(request.config, where)
        self._check(request)
        name = f"{request.recognizer.partition('/recognizers/')[0]}/operations/{uuid.uuid4().hex}"
        with self._lock:
            heard = self._worker.submit(hear, request.files[0].uri, self._storage, self._account)
            self._operations[name] = request, heard
            while len(self._operations) > _KEPT:
                self._operations.popitem(last=False)
        return operations_pb2.Operation(name=name, done=False)

    def operation(self, request: Any) -> Any:
        """The state of a BatchRecognize."""
        with self._lock:
            known = self._operations.get(request.name)
        if known is None:
            raise CallError(StatusCode.NOT_FOUND, f"Operation {request.name!r} was not found.")
        asked, heard = known
        found = operations_pb2.Operation(name=request.name, done=heard.done())
        if heard.done():
            packed = any_pb2.Any()
            packed.Pack(_response(asked, heard.result()))
            found.response.CopyFrom(packed)
        return found

    def close(self) -> None:
        """Gives up what is being heard."""
        self._closed.set()
        self._worker.shutdown(cancel_futures=True)

    def _check(self, request: Any) -> None:
        if not 1 <= len(request.files) <= _FILES:
            raise CallError(StatusCode.INVALID_ARGUMENT, f"files must hold 1 to {_FILES} files.")
        if coding(request.config) > 1:
            raise refused("a recording of several channels", "one")
        if request.processing_strategy:
            raise refused("processing_strategy")
        if len(request.files) > 1 or not request.recognition_output_config.HasField("inline_response_config"):
            raise refused("output to Cloud Storage", "inline_response_config, of one file")


def hear(uri: str, storage: str, account: str) -> _Outcome:
    """The words of a recording and its seconds, or why it cannot be heard. Runs in the worker's process."""
    words: list[Heard] = []
    end = 0
    try:
        for at, samples in stretches(uri, storage, account):
            if _CLOSED and _CLOSED[0].is_set():
                raise RecordingError(StatusCode.UNAVAILABLE, "Speech-to-Text stops.")
            words += [one.later(at / RATE) for one in _recogniser().hear(samples.tobytes())]
            end = at + samples.size
    except RecordingError as error:
        log.warning("%s: %s", uri, error)
        return error
    return words, end / RATE


_CLOSED: list[Event] = []
"""In the worker's process: set once the emulator stops."""


def _begin(closed: Event) -> None:
    os.nice(_NICE)
    _CLOSED.append(closed)


@cache
def _recogniser() -> Recogniser:
    return Recogniser()


def _response(request: Any, outcome: _Outcome) -> Any:
    response = BatchRecognizeResponse.pb()()
    result = response.results[request.files[0].uri]
    if isinstance(outcome, RecordingError):
        result.error.code, result.error.message = outcome.code.value[0], str(outcome)
        return response
    words, seconds = outcome
    fill(result.inline_result.transcript, words, seconds, request.config.features)
    result.metadata.CopyFrom(result.inline_result.transcript.metadata)
    return response
