"""`make smoke` and `make seed` against the local stack, by its addresses alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.smoke.__main__ import main as smoke
from tests.smoke.steps import CLEAN_UP, STEPS

from emulator.errors import CallFailed
from emulator.sample import streams
from emulator.sample.seed import seed

pytestmark = pytest.mark.stack


@pytest.fixture(autouse=True)
def brands_as_before(stack: Any) -> Iterator[None]:
    """Other tests look for marks of their own in the same stack."""
    api = streams.api(stack)

    def brands() -> set[str]:
        return {brand["id"] for brand in api.ask("GET", "/brands?limit=1000")["brands"]}

    before = brands()
    yield
    for brand in brands() - before:
        api.ask("DELETE", f"/brands/{brand}")


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    monkeypatch.setenv("COLUMNS", "400")
    return lambda: capsys.readouterr().out


def test_a_deployment_that_works_passes_every_step_and_keeps_nothing(stack: Any, output: Callable[[], str]) -> None:
    seed(streams.api(stack))
    status = smoke([stack.web, "--seconds", "10", "--patience", "120"])
    told = output()
    assert status == 0, told
    for step in (*STEPS, CLEAN_UP):
        assert re.search(rf"✓  {step.name}\b", told), told
    [made] = re.findall(r"✓  stream +(smoke-\w+)", told)
    with pytest.raises(CallFailed) as gone:
        streams.ask(stack, "GET", f"/streams/{made}")
    assert gone.value.status == 404


def test_a_wrong_key_fails_what_needs_it_and_says_so(
    stack: Any, output: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_KEY", "wrong")
    assert smoke([stack.web, "--patience", "20"]) == 1
    told = output()
    assert re.search(r"✓  health", told), told
    assert re.search(r"✗  stream .*401 the key is wrong", told), told
    assert "python local-emulator logs front" in told
    assert re.search(r"–  publish +skipped: stream did not pass", told), told


def test_seeding_twice_changes_nothing_and_keeps_what_a_person_has_said(stack: Any) -> None:
    api = streams.api(stack)
    count = seed(api)
    before = api.ask("GET", "/brands/nike")["brand"]
    assert before["references"]
    api.ask("PATCH", "/brands/nike", {"name": "Nike, Inc.", "threshold": 0.7})
    try:
        assert seed(api) == count
        after = api.ask("GET", "/brands/nike")["brand"]
        assert after == before | {"name": "Nike, Inc.", "threshold": 0.7}
    finally:
        api.ask("PATCH", "/brands/nike", {"name": before["name"], "threshold": before["threshold"]})
