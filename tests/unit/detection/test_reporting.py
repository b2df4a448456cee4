"""What is told of a provider, and how often."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.documents.provider_status import Reporter
from pipeline.domain.providers import ProviderInfo, ProviderState

INFO = ProviderInfo("m", "cpu", 1)


class Told:
    """A reporter with a clock and a store of the test's own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[dict[str, Any]] = []
        self.reporter = Reporter("clip", lambda name, fields: self.written.append(fields), lambda: self.now)

    def tell(self, state: ProviderState = ProviderState.OK, error: str | None = None, info: ProviderInfo = INFO) -> int:
        self.reporter.tell(info, state, error)
        return len(self.written)


@pytest.fixture
def told() -> Told:
    return Told()


def test_while_all_is_well_it_is_told_now_and_then(told: Told) -> None:
    assert [told.tell() for _ in range(5)] == [1] * 5
    told.now += 20
    assert told.tell() == 2
    assert told.written[0]["state"] == "ok"
    assert "last_error" not in told.written[0], "what an earlier error left stays"


def test_another_state_or_model_is_told_at_once(told: Told) -> None:
    assert [told.tell(), told.tell(ProviderState.OPEN, "quota"), told.tell(ProviderState.OK)] == [1, 2, 3]
    assert told.written[1]["last_error"] == "quota"
    assert told.tell(info=ProviderInfo("other", "cuda")) == 4


def test_an_error_is_told_soon_but_not_each_of_many(told: Told) -> None:
    told.tell(ProviderState.FAILING, "one")
    assert told.tell(ProviderState.FAILING, "two") == 1
    told.now += 3
    assert told.tell(ProviderState.FAILING, "three") == 2
    assert told.written[-1]["last_error"] == "three"


def test_a_queue_that_moves_is_no_news(told: Told) -> None:
    assert [told.tell(info=ProviderInfo("m", "cpu", waiting)) for waiting in range(5)] == [1] * 5
