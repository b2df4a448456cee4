"""What the unit tests of ingest share."""

from __future__ import annotations

import pytest

from ingest.session import publisher


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Storage in memory takes writes of one name as fast as they come; test_publisher.py tests the pause."""
    monkeypatch.setattr(publisher, "INTERVAL", 0.0)
