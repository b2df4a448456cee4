"""What players of others show of a stream: the appearances of logos, as timed metadata."""

from __future__ import annotations

from typing import Any

import pytest
from tests.e2e.helpers.other_player import playing

from emulator.sample import streams
from emulator.sample.demo.session import Run

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_hls_js_reads_each_appearance_at_its_time(stack: Any, browser: Any, sample_run: Run) -> None:
    session = streams.ask(stack, "GET", f"/streams/{sample_run.stream}")["stream"]["session"]
    path = f"/streams/{sample_run.stream}/sessions/{session}/appearances?kind=logo&limit=1000"
    expected = streams.ask(stack, "GET", path)["appearances"]
    with playing(stack, browser, sample_run.stream) as player:
        found = {one["id"]: one for one in player.appearances()}
    assert {id: one["label"] for id, one in found.items()} == {one["id"]: one["label"] for one in expected}
    for one in expected:
        shown = found[one["id"]]
        assert shown["kind"] == "media-analyzer.appearance"
        assert shown["startTime"] == pytest.approx(one["from"], abs=0.05)
        assert shown["duration"] == pytest.approx(one["to"] - one["from"], abs=0.002)
