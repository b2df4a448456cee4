"""Paths: the repository, and under `.local/` the files that a stack writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
CACHE = LOCAL / "cache"  # what every stack shares: downloaded emulators, JVM class archives
ENVIRONMENTS = LOCAL / "env"  # one per lock of a deployable (emulator.declaration.packages.environments)
MEDIA = LOCAL / "media"  # the sample clip and the reference marks
HARD = LOCAL / "hard" / "hard.mp4"  # the clip of the demo (emulator.sample.hard_clip)

PROJECT = "demo-media-analyzer"  # of every local stack; Firebase's clients take `demo-` as: never call the cloud

_NAME = re.compile(r"[a-z][a-z0-9-]{0,16}")  # as in infra: it becomes part of resource names
_OURS = {CACHE.name, MEDIA.name, HARD.parent.name, ENVIRONMENTS.name, "setup"}


@dataclass(frozen=True, slots=True)
class StackPaths:
    """`.local/<name>/`: what one stack writes."""

    name: str
    base: Path

    @property
    def state(self) -> Path:
        """The state of the stack: its processes, and their addresses."""
        return self.base / "state.json"

    @property
    def lock(self) -> Path:
        """Held, by flock, for as long as the supervisor lives."""
        return self.base / "lock"

    @property
    def logs(self) -> Path:
        """One file per resource."""
        return self.base / "logs"

    @property
    def run(self) -> Path:
        """One tree per function and service: what its archive or image holds."""
        return self.base / "run"

    @property
    def jobs(self) -> Path:
        """The declared jobs, as the emulator of Cloud Run's Admin API reads them."""
        return self.run / ".jobs"

    @property
    def gcs(self) -> Path:
        """The objects."""
        return self.base / "gcs"


def stack_paths(name: str, local: Path = LOCAL) -> StackPaths:
    """The paths of the stack `name`. Raises StackError for an invalid name."""
    if not _NAME.fullmatch(name) or name in _OURS:
        taken = ", ".join(sorted(_OURS))
        raise StackError(f"invalid stack name {name!r}: expected up to 17 of a-z, 0-9 and '-', and none of {taken}")
    return StackPaths(name, local / name)
