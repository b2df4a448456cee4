"""The real ingest service, as its contract tests run it."""

from __future__ import annotations

import pytest

from tests.contract.ingest.conftest import environment, firestore_port, service, services, storage_port, stream
from tests.fuzz.corpus import corpus

__all__ = ["environment", "firestore_port", "service", "services", "storage_port", "stream"]


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is damaged."""
    return corpus(tmp_path_factory.mktemp("corpus"))
