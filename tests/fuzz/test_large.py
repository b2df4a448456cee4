"""Inputs that ask for much: pictures of gigabytes, tables of declared size, pictures without end, damaged further."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.campaign import Campaign, Case
from tests.fuzz.media_process import Worker
from tests.unit.limits import hostile

_MOST_MB = 350  # peak of the process


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("large")
    made = {f"h264.{kind}": hostile.h264(folder, 16000, 16000, kind=kind) for kind in ("mpegts", "flv", "matroska")}
    made |= {f"{side}.ts": hostile.h264(folder, side, side) for side in (3072, 5760, 8192)}
    made["becomes.ts"] = hostile.h264(folder, 16000, 16000, after=20)
    made["mjpeg.mkv"] = hostile.mjpeg(folder, 16000, 16000)
    made["index.mp4"] = hostile.declared_index(80_000_000)
    made["endless.ts"] = hostile.endless_picture(folder, 20 << 20)
    made["filled.ts"] = hostile.inflated(folder, 2.0, 4 << 20)
    return made


def test_inputs_that_ask_for_much_are_given_little(large: dict[str, bytes], tmp_path: Path) -> None:
    campaign, worker = Campaign("large", 60), Worker()
    failed: list[tuple[Case, str]] = []
    most = 0
    for case in campaign.cases(large):
        (tmp_path / "input").write_bytes(case.data)
        found = worker.run(tmp_path / "input")
        campaign.count(found.get("outcome", "fault"))
        most = max(most, int(found.get("peak_mb", 0)))
        fault = found["fault"] or (f"the process came to {most} MB" if most > _MOST_MB else None)
        if fault:
            failed.append((case, fault))
            worker.close()
            worker, most = Worker(), 0
    worker.close()

    print(campaign.outcomes, f"peak {most} MB")
    told = [f"{case.kind}, seed {case.seed}: {fault}\n{campaign.keep(case)}" for case, fault in failed]
    assert not told, "\n\n".join(told[:10])
    assert "FUZZ_INPUT" in os.environ or campaign.outcomes["refused after no segments"]
