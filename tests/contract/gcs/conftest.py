"""One emulator in memory per test run, and a fresh bucket per test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from google.cloud import storage
from tests.contract.gcs.emulators import Emulator, pubsub, running
from tests.servers import free_port


@pytest.fixture(scope="session")
def pubsub_endpoint() -> Iterator[str]:
    """Google's Pub/Sub emulator."""
    with pubsub(free_port()) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with running("--memory") as started:
        yield started


@pytest.fixture
def own_emulator() -> Iterator[Emulator]:
    """For tests that move its clock."""
    with running("--memory") as started:
        yield started


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> storage.Client:
    return emulator.client()


@pytest.fixture
def bucket(client: storage.Client) -> storage.Bucket:
    return client.create_bucket(f"test-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def versioned(client: storage.Client) -> storage.Bucket:
    bucket = client.bucket(f"versioned-{uuid.uuid4().hex[:12]}")
    bucket.versioning_enabled = True
    return client.create_bucket(bucket)


@pytest.fixture
def blob(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("object")
    blob.upload_from_string(b"hello", content_type="text/plain")
    return blob
