"""FFmpeg and what stands around it: probe, tracks, transcoders, timeline, segmenter, muxer."""

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


def test_damaged_media_neither_crash_nor_hang_nor_grow(inputs: dict[str, bytes], tmp_path: Path) -> None:
    campaign, worker = Campaign("media", 100), Worker()
    failed: list[tuple[Case, str]] = []
    for case in campaign.cases(inputs):
        (tmp_path / "input").write_bytes(case.data)
        found = worker.run(tmp_path / "input")
        campaign.count(found.get("outcome", "fault"))
        if fault := fault_of(found):
            failed.append((case, fault))
            worker.close()
            worker = Worker()
    worker.close()

    told = [f"{case.kind}, seed {case.seed}: {fault}\n{campaign.keep(case)}" for case, fault in failed]
    assert not told, "\n\n".join(told[:10])
    assert "FUZZ_INPUT" in os.environ or set(campaign.outcomes) >= {"segments", "refused after no segments"}
