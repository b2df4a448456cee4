"""Damaged inputs for one target of the process that they may crash."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fuzz.campaign import Campaign, Case
from tests.fuzz.media_process import Worker

_MOST_MB = 700  # peak of the process, FFmpeg and x264 included


def fault_of(found: Mapping[str, Any]) -> str | None:
    if found["fault"] is None and found["peak_mb"] > _MOST_MB:
        return f"the process came to {found['peak_mb']} MB, more than {_MOST_MB}"
    return found["fault"]


def attack(target: str, least: int, inputs: Mapping[str, bytes], folder: Path, expected: set[str]) -> None:
    """Hands damaged `inputs` to a target; each of the `expected` outcomes must be among those that came."""
    campaign, worker, most = Campaign(target, least), Worker(), 0
    failed: list[tuple[Case, str]] = []
    for case in campaign.cases(inputs):
        (folder / "input").write_bytes(case.data)
        found = worker.run(folder / "input", target)
        campaign.count(found.get("outcome", "fault"))
        most = max(most, int(found.get("peak_mb", 0)))
        if fault := fault_of(found):
            failed.append((case, fault))
            campaign.tell(f"{case.kind}, seed {case.seed}: {fault}\n{campaign.keep(case)}")
            worker.close()
            worker = Worker()
    worker.close()

    print(target, dict(campaign.outcomes), f"{sum(campaign.outcomes.values())} inputs, peak {most} MB of {_MOST_MB}")
    told = [f"{case.kind}, seed {case.seed}: {fault}\n{campaign.keep(case)}" for case, fault in failed]
    assert not told, "\n\n".join(told[:10])
    assert "FUZZ_INPUT" in os.environ or set(campaign.outcomes) >= expected
