"""Clips: what is cut from a session, as it was asked for and as it came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .errors import Failure
from .model import Kind

LONGEST = 3600.0
"""Seconds of a clip, at most."""
LONGEST_ROLL = 60.0
"""Seconds that a clip may begin before what it shows, or end after it."""


class ClipState(StrEnum):
    """State of a clip."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"


class Cut(StrEnum):
    """Where a clip begins and ends: at the keyframes around, by copying; or at the very frames, by encoding."""

    KEYFRAMES = "keyframes"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be cut from a session: exactly one of a range (`start` to `end`), an `appearance` by its id, all
    appearances of a `label`, or the still picture `at` an instant. Times are seconds of media time.

    `before` and `after` are the seconds that each range is longer at its ends. `kind` is that of the appearance, the
    label, and the boxes.
    """

    stream: str
    session: str
    start: float | None = None
    end: float | None = None
    appearance: str | None = None
    label: str | None = None
    at: float | None = None
    kind: Kind = Kind.LOGO
    before: float = 0.0
    after: float = 0.0
    boxes: bool = False
    cut: Cut = Cut.KEYFRAMES

    @property
    def clip(self) -> str:
        """The id of the clip: the same for what is asked the same."""
        said = json.dumps(self.fields() | {"stream": self.stream, "session": self.session}, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    @property
    def ending(self) -> str:
        """Of its object's name."""
        return "mp4" if self.at is None else "jpg"

    def fields(self) -> dict[str, Any]:
        """As the clip's document holds it, beside its session."""
        found = asdict(self) | {"kind": self.kind.value, "cut": self.cut.value}
        return {name: value for name, value in found.items() if name not in ("stream", "session")}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a clip: from `start` to `end` (seconds of the clip) it shows media time `media_time` and on."""

    start: float
    end: float
    media_time: float
    title: str

    def fields(self) -> dict[str, Any]:
        """As the clip's document holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip. `share` of it is made, 0 to 1; once it is done, `object` is its name in the media bucket, of `size` bytes
    and `duration` seconds, and `chapters` say what it shows. `execution`: of the job, once it is started."""

    id: str
    asked: Asked
    state: ClipState = ClipState.WAITING
    share: float = 0.0
    execution: str | None = None
    object: str | None = None
    size: int | None = None
    duration: float | None = None
    chapters: tuple[Chapter, ...] = ()
    error: Failure | None = None
    created: datetime | None = None
    created_by: str | None = None


def read(stream: str, id: str, fields: Mapping[str, Any]) -> Clip:
    """The clip that a document describes."""
    asked: dict[str, Any] = dict(fields["asked"])
    asked |= {"kind": Kind(asked["kind"]), "cut": Cut(asked["cut"])}
    return Clip(
        id=id,
        asked=Asked(stream, fields["session"], **asked),
        state=ClipState(fields["state"]),
        share=float(fields.get("share") or 0.0),
        execution=fields.get("execution"),
        object=fields.get("object"),
        size=fields.get("size"),
        duration=fields.get("duration"),
        chapters=tuple(Chapter(**one) for one in fields.get("chapters") or ()),
        error=Failure.read(fields.get("error")),
        created=fields.get("created"),
        created_by=fields.get("created_by"),
    )
