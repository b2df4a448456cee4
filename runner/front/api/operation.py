"""One route of the API with all that the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import Struct
from werkzeug import Response

from pipeline.domain.errors import MediaAnalyzerError

Handler: TypeAlias = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to a request that succeeded: its meaning, the shape of its JSON, and the headers it always has.

    Without a shape it has no body, unless `content_type` names one that is no JSON.
    """

    text: str
    shape: Any = None
    headers: tuple[str, ...] = ()
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path, and the handler that answers it. The handler's docstring becomes summary and description.

    `id` names it for clients that are generated. `body` is the shape of the JSON that it takes, a tuple where there are
    several; `content_types` are those of a body that is no JSON. The fields of `query` and `headers` are parameters.
    `errors` are those that it answers, besides Unauthorized and LimitReached where it needs a key. `reads`: it changes
    nothing that is kept, whatever its method; every other one leaves an entry in the audit.
    """

    method: str
    path: str
    handler: Handler
    id: str
    answers: Mapping[int, Answer]
    errors: tuple[type[MediaAnalyzerError], ...] = ()
    body: type[Struct] | tuple[type[Struct], ...] | None = None
    content_types: tuple[str, ...] = ()
    query: type[Struct] | None = None
    headers: type[Struct] | None = None
    reads: bool = False

    @property
    def changes(self) -> bool:
        """Whether it leaves an entry in the audit."""
        return self.method != "GET" and not self.reads

    @property
    def action(self) -> str:
        """Its name in the audit, such as `streams.rotate_key`."""
        return f"{self.handler.__module__.rpartition('.')[2]}.{self.handler.__name__}"
