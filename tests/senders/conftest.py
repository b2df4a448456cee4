"""Sessions in memory take writes of one name as fast as they come."""

from __future__ import annotations

import pytest

from ingest.session import publisher


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """tests/unit/ingest/test_publisher.py tests the pause between two writes."""
    monkeypatch.setattr(publisher, "INTERVAL", 0.0)
