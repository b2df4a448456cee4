"""FFmpeg and what stands around it: probe, tracks, transcoders, timeline, segmenter, muxer."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fuzz.campaign import Campaign, Case

ROOT = Path(__file__).parents[2]
_PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "runner", "local-emulator", "."))
_PATIENCE = 60.0  # seconds for one input of a few seconds of video: more is a hang
_MOST_MB = 700  # peak of the process, FFmpeg and x264 included


class Worker:
    """The process that an input may crash."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.worker"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": _PATHS}, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL
        )

    def run(self, path: Path) -> dict[str, Any]:
        """What became of an input; a `fault` where it was a crash, a hang or an exception."""
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps({"path": str(path)}).encode() + b"\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], _PATIENCE)[0]:
            return {"fault": f"no answer within {_PATIENCE} s: a hang"}
        if line := process.stdout.readline():
            return json.loads(line)
        return {"fault": f"the process crashed: exit status {process.wait(60)}"}

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


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
