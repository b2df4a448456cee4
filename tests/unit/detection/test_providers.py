"""The registry of providers."""

from __future__ import annotations

import pytest

from pipeline.detection import make
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import AnalysisSettings
from pipeline.domain.providers import PROVIDERS, called, provider


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_can_be_made_and_says_what_runs(name: str) -> None:
    assert PROVIDERS[name].kinds
    one = called(name, AnalysisSettings(), "http://127.0.0.1:1")
    assert one and make(one).info.model


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRequest, match="vision"):
        provider("vison")
