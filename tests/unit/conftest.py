"""Unit tests know no emulator, whatever ran in this process before them."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def without_emulators(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of emulators that fixtures of other tests have left in the environment are gone."""
    for name in list(os.environ):
        if name.endswith("_EMULATOR_HOST"):
            monkeypatch.delenv(name)
