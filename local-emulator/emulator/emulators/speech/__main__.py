"""Runs the Speech emulator until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...rpc import Method, run
from ..stop_signal import stop_signal
from .recogniser import Recogniser

if TYPE_CHECKING:
    from .batches import Batches

_SPEECH = "/google.cloud.speech.v2.Speech"
_OPERATIONS = "/google.longrunning.Operations"


def main() -> int:
    """Exit status: 0 after a signal, 1 if it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = _options()
    stopped = stop_signal()
    calls = _Calls(Recogniser(), options.storage, options.account)
    status = run(calls.methods(), options.host, options.port, until=stopped)
    calls.close()
    return status


class _Bytes:
    """A request that is not parsed yet."""

    @staticmethod
    def FromString(data: bytes) -> bytes:
        return data


class _Calls:
    """Speech is off by default: a stack's start does not wait for what only a call needs, its messages included."""

    def __init__(self, recogniser: Recogniser, storage: str, account: str) -> None:
        self._recogniser = recogniser
        self._storage, self._account = storage, account

    @cached_property
    def _batches(self) -> Batches:
        from .batches import Batches

        return Batches(self._storage, self._account)

    def methods(self) -> Mapping[str, Method]:
        """Each call by its full name."""
        return {
            f"{_SPEECH}/Recognize": Method(_Bytes, self._recognize),
            f"{_SPEECH}/BatchRecognize": Method(_Bytes, self._batch),
            f"{_OPERATIONS}/GetOperation": Method(_Bytes, self._operation),
        }

    def close(self) -> None:
        """Waits for what is being heard."""
        if "_batches" in self.__dict__:
            self._batches.close()
        self._recogniser.close()

    def _recognize(self, request: bytes) -> Any:
        from google.cloud.speech_v2.types import RecognizeRequest

        from .service import recognize

        return recognize(self._recogniser, RecognizeRequest.pb().FromString(request))

    def _batch(self, request: bytes) -> Any:
        from google.cloud.speech_v2.types import BatchRecognizeRequest

        return self._batches.recognize(BatchRecognizeRequest.pb().FromString(request))

    def _operation(self, request: bytes) -> Any:
        from google.longrunning.operations_pb2 import GetOperationRequest

        return self._batches.operation(GetOperationRequest.FromString(request))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator.emulators.speech", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--storage", required=True, help="the GCS emulator, as host:port")
    parser.add_argument("--account", required=True, help="Speech-to-Text's own service account, which reads recordings")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
