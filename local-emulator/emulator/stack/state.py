"""The state of a stack: `.local/<name>/state.json`, replaced as a whole at every change."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..declaration.endpoints import Endpoints


class Status(StrEnum):
    """The status of a stack."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(slots=True)
class ResourceState:
    """One line of `status`, kept under `kind/name`.

    `born` is the process's start in epoch seconds: with `pid` it names a process for good.
    """

    name: str
    kind: str
    state: str
    pid: int | None = None
    born: float | None = None
    port: int | None = None
    restarts: int = 0
    detail: str = ""
    link: str = ""


@dataclass(slots=True)
class State:
    """A whole stack. `messages` are its progress, oldest first; `log` is the end of the log of what failed."""

    name: str
    pid: int
    status: Status = Status.STARTING
    messages: list[str] = field(default_factory=list[str])
    error: str = ""
    log: list[str] = field(default_factory=list[str])
    seconds: float | None = None
    resources: dict[str, ResourceState] = field(default_factory=dict[str, ResourceState])
    endpoints: Endpoints | None = None

    def to_json(self) -> str:
        """Text that `from_json` reads."""
        return json.dumps(asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> State:
        """The inverse of `to_json`."""
        data: dict[str, Any] = json.loads(text)
        data["status"] = Status(data["status"])
        data["resources"] = {name: ResourceState(**entry) for name, entry in data["resources"].items()}
        if data["endpoints"]:  # of a stack that another version left, some may be missing
            data["endpoints"] = Endpoints(
                **{one.name: data["endpoints"].get(one.name, "") for one in fields(Endpoints)}
            )
        return State(**data)


class StateFile:
    """The writing end: one lock, atomic replacement, for its owner's eyes only (it holds the admin key)."""

    def __init__(self, path: Path, state: State) -> None:
        self._path = path
        self._lock = threading.RLock()
        self.state = state
        self.save()

    def save(self) -> None:
        """Writes `state` as it is now."""
        with self._lock:
            part = self._path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(self.state.to_json())
            part.replace(self._path)

    def say(self, message: str) -> None:
        """Adds a line of progress."""
        with self._lock:
            self.state.messages.append(message)
            self.save()

    def put(self, resource: ResourceState) -> None:
        """Adds or replaces a resource."""
        with self._lock:
            self.state.resources[f"{resource.kind}/{resource.name}"] = resource
            self.save()

    def become(self, status: Status) -> None:
        """Changes the status."""
        with self._lock:
            self.state.status = status
            self.save()


def read_state(path: Path) -> State | None:
    """The state last written; None if none was."""
    try:
        return State.from_json(path.read_text())
    except FileNotFoundError:
        return None
