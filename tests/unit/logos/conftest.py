from __future__ import annotations

import pytest
from tests.unit.logos.drawn_marks import BRANDS, with_alpha

from pipeline.detection.logos import Gallery, Mark


@pytest.fixture(scope="session")
def gallery() -> Gallery:
    return Gallery.load(Mark(brand, with_alpha(brand)) for brand in BRANDS)
