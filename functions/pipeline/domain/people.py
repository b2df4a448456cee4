"""People, their roles, and the visibility of streams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member of a tenant may do; each role may do what those before it may."""

    VIEWER = "viewer"
    PUBLISHER = "publisher"
    OPERATOR = "operator"
    ADMIN = "admin"

    def reaches(self, least: Role) -> bool:
        """Whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


class Visibility(StrEnum):
    """The audience of a stream: those who work on it and its viewers, all members of its tenant, or everyone."""

    PRIVATE = "private"
    TENANT = "tenant"
    PUBLIC = "public"


UNSAID = Visibility.PRIVATE
"""The visibility of a stream that was made without one."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a tenant. `epoch`: sessions that were begun under an earlier number have ended."""

    id: str
    email: str
    name: str
    tenant: str
    role: Role
    epoch: int = 0
    created: datetime | None = None
    created_by: str | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A link that opens one stream `until` a time, with its reports if `reports`. `id` is the hash of its secret.

    With a `clip` it opens that object of the stream and nothing else, and its secret is told to no one.
    """

    id: str
    stream: str
    tenant: str
    until: datetime
    reports: bool
    label: str
    created: datetime
    created_by: str | None
    revoked: bool = False
    clip: str | None = None
