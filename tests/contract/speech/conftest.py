from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.cloud import speech_v2
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcTransport
from tests.contract import serving
from tests.contract.gcs.callers import OWNER
from tests.contract.gcs.emulators import Emulator as CloudStorage
from tests.contract.gcs.emulators import running
from tests.contract.serving import Emulator

from emulator.declaration.graph.outputs import service_agent

AGENT = service_agent("speech")


def start(storage: str = "127.0.0.1:9") -> Emulator:
    """The emulator as the stack runs it, ready. `storage`: host:port of the GCS emulator."""
    return serving.start("emulator.emulators.speech", "--storage", storage, "--account", AGENT)


@pytest.fixture(scope="session")
def storage() -> Iterator[CloudStorage]:
    with running("--memory", "--project", "test-project", "--owner", OWNER) as started:
        yield started


@pytest.fixture(scope="session")
def emulator(storage: CloudStorage) -> Iterator[Emulator]:
    started = start(storage.url.removeprefix("http://"))
    yield started
    started.process.terminate()
    assert started.process.wait(60) == 0


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[speech_v2.SpeechClient]:
    with grpc.insecure_channel(emulator.address) as channel:
        yield speech_v2.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
