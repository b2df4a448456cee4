"""The input of every realiser, and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...processes.ports import Ports
from ..environment import Addresses
from ..graph import Graph
from ..packages.environments import Wanted, environment


@dataclass(frozen=True, slots=True)
class Context:
    """A stack that is being brought up: its declaration, its emulators, the folder of its run trees.

    `programs` makes an environment, of a name and from a lock, and says where its commands are.
    `instances`: so many processes of each service and function, where that many are declared.
    """

    graph: Graph
    project: str
    addresses: Addresses
    ports: Ports
    run: Path
    programs: Callable[[str, Wanted], Path] = environment
    instances: int = 1

    def tree(self, name: str) -> Path:
        """The folder in which the archive or image of `name` is laid out."""
        return self.run / name

    @property
    def jobs(self) -> Path:
        """The folder of registered jobs."""
        return self.run / ".jobs"

    @property
    def workloads(self) -> Path:
        """The file that lists what Cloud Run's front end serves."""
        return self.run / ".workloads.json"

    def home(self, name: str) -> Path:
        """The home of its user: empty, so that it does not find the developer's credentials and settings."""
        folder = self.run / ".home" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclass(frozen=True, slots=True)
class Present:
    """A resource that an emulator now holds: for people to see. `link` is where to look at it."""

    name: str
    kind: str
    detail: str = ""
    link: str = ""
