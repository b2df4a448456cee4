"""The registry of providers."""

from __future__ import annotations

import pytest

from pipeline.detectors import PROVIDERS, detector
from pipeline.errors import BadRequest
from pipeline.model import Kind


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_what_it_is_registered_as(name: str) -> None:
    provider = detector(name)
    assert provider.name == name
    assert provider.model
    assert provider.kinds <= frozenset(Kind)


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRequest, match="vision"):
        detector("vison")
