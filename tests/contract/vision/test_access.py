"""Cloud Vision reads a `gs://` address with the rights of its caller, and so does its emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import vision
from google.rpc import code_pb2
from tests.contract.gcs.callers import OWNER, SAMPLE, client_of, grant, to_sample
from tests.contract.gcs.emulators import Emulator as CloudStorage
from tests.contract.gcs.emulators import running
from tests.contract.vision.conftest import start
from tests.contract.vision.pictures import LOGO, encoded
from tests.unit.logos.drawn_marks import landscape

from emulator.accounts import metadata_host
from pipeline.cloud import clients


@pytest.fixture(scope="module")
def storage() -> Iterator[CloudStorage]:
    with running("--memory", "--project", "test-project", "--owner", OWNER) as started:
        yield started


@pytest.fixture(scope="module")
def address(storage: CloudStorage, marks: Path) -> Iterator[str]:
    emulator = start(marks, storage.url)
    yield emulator.address
    emulator.process.terminate()
    assert emulator.process.wait(60) == 0


def test_a_picture_is_read_with_the_rights_of_the_caller(
    storage: CloudStorage, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = client_of(storage, OWNER).create_bucket("media")
    media.blob("frames/1.jpg").upload_from_string(encoded(landscape(1, 640, 360)))
    image = vision.Image(source=vision.ImageSource(gcs_image_uri="gs://media/frames/1.jpg"))
    monkeypatch.setenv("VISION_EMULATOR_HOST", address)

    def code(account: str | None) -> int:
        host = storage.url.removeprefix("http://")
        if account:
            monkeypatch.setenv("GCE_METADATA_HOST", metadata_host(host, account))
        else:
            monkeypatch.delenv("GCE_METADATA_HOST", raising=False)
        clients.forget()
        asked = vision.AnnotateImageRequest(image=image, features=[vision.Feature(type_=LOGO)])
        [response] = clients.vision_client("global").batch_annotate_images(requests=[asked]).responses
        return response.error.code

    try:
        assert code(None) == code_pb2.PERMISSION_DENIED
        assert code(SAMPLE) == code_pb2.PERMISSION_DENIED
        assert code(OWNER) == code_pb2.OK
        grant(media, to_sample("objectViewer"))
        assert code(SAMPLE) == code_pb2.OK
    finally:
        clients.forget()
