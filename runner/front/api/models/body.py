"""The base of the bodies of answers, and the types that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[float, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
MediaTime = Annotated[float, Meta(ge=0, description="media time")]
StoredStreamSettings = Annotated[
    Mapping[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/StoredStreamSettings"})
]
"""Settings of a stream as they are answered: generate.py describes them."""
StoredSettings = Annotated[Mapping[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/StoredSettings"})]
"""Settings of the deployment as they are answered."""
Next = Annotated[str | None, Meta(description="`after` of the next page")]


class Body(Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of all answers: each field is named, and there is no other."""


class Problem(Body):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Status(Body):
    """An answer of health."""

    status: Literal["ok"]


class More(Body):
    """A request that is to be sent again."""

    detail: str
