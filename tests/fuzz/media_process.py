"""A process in which FFmpeg and what stands around it take inputs, and which an input may crash."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "runner", "local-emulator", "."))
_PATIENCE = 60.0  # seconds for one input of a few seconds of video: more is a hang


class Worker:
    """The process that an input may crash."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.worker"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": _PATHS}, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL
        )

    def run(self, path: Path, target: str = "media") -> dict[str, Any]:
        """What became of an input; a `fault` where it was a crash, a hang or an exception."""
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps({"target": target, "path": str(path)}).encode() + b"\n")
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
