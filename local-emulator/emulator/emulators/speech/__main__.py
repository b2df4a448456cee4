"""Runs the Speech emulator until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Mapping
from typing import Any

from ...rpc import Method, run
from ..stop_signal import stop_signal
from .recogniser import Recogniser

_RECOGNIZE = "/google.cloud.speech.v2.Speech/Recognize"


def main() -> int:
    """Exit status: 0 after a signal, 1 if it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = _options()
    stopped = stop_signal()
    recogniser = Recogniser()
    status = run(_methods(recogniser), options.host, options.port, until=stopped)
    recogniser.close()
    return status


class _Bytes:
    """A request that is not parsed yet."""

    @staticmethod
    def FromString(data: bytes) -> bytes:
        return data


def _methods(recogniser: Recogniser) -> Mapping[str, Method]:
    """Speech is off by default: a stack's start does not wait for what only a call needs, its messages included."""

    def recognize(request: bytes) -> Any:
        from google.cloud.speech_v2.types import RecognizeRequest

        from .service import recognize

        return recognize(recogniser, RecognizeRequest.pb().FromString(request))

    return {_RECOGNIZE: Method(_Bytes, recognize)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator.emulators.speech", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
