"""A service or a function, with the limits that are declared for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Workload:
    """A service or a function.

    It is called at `port`; its instances listen on `instances`, as many as this machine is to run. At most
    `concurrency` requests are in one instance, and the cloud would run at most `max_instances`. A request may take
    `timeout` seconds. An instance is ready once it answers `GET probe`.
    """

    name: str
    service: str
    port: int
    instances: tuple[int, ...]
    concurrency: int
    max_instances: int
    timeout: float
    probe: str


def write(path: Path, workloads: Sequence[Workload]) -> None:
    """Keeps them for the process that serves them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(workload) for workload in workloads]))


def read(path: Path) -> list[Workload]:
    """The inverse of `write`."""
    entries: list[dict[str, Any]] = json.loads(path.read_text())
    return [_workload(entry) for entry in entries]


def _workload(entry: dict[str, Any]) -> Workload:
    instances = tuple(entry.pop("instances"))
    return Workload(instances=instances, **entry)
