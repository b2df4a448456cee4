from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.cloud import speech_v2
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcTransport
from tests.contract import serving
from tests.contract.serving import Emulator


def start() -> Emulator:
    """The emulator as the stack runs it, ready."""
    return serving.start("emulator.emulators.speech")


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    running = start()
    yield running
    running.process.terminate()
    assert running.process.wait(60) == 0


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[speech_v2.SpeechClient]:
    with grpc.insecure_channel(emulator.address) as channel:
        yield speech_v2.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
