"""What every realiser is given, and what it says of a resource that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..environment import Addresses
from ..graph import Graph
from ..ports import Ports


@dataclass(frozen=True, slots=True)
class Context:
    """A stack that is being brought up: its declaration, its emulators, the folder of its run trees."""

    graph: Graph
    project: str
    addresses: Addresses
    ports: Ports
    run: Path


@dataclass(frozen=True, slots=True)
class Present:
    """A resource that an emulator now holds: for people to see. `link` is where to look at it."""

    name: str
    kind: str
    detail: str = ""
    link: str = ""
