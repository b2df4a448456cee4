"""Generation and metageneration preconditions, as query parameters (JSON API) or headers (XML API)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import NotModified, bad_request, precondition_failed
from ..model import Bucket, StoredObject
from .http import whole_number


@dataclass(frozen=True, slots=True)
class Preconditions:
    """None: not asked for. `generation_match` 0 means that no live object may exist."""

    generation_match: int | None = None
    generation_not_match: int | None = None
    metageneration_match: int | None = None
    metageneration_not_match: int | None = None

    @classmethod
    def of_query(cls, query: Mapping[str, str], prefix: str = "if") -> Preconditions:
        """`ifGenerationMatch` and its like; `prefix` is `ifSource` for the source of a copy. Raises 400."""
        names = ("GenerationMatch", "GenerationNotMatch", "MetagenerationMatch", "MetagenerationNotMatch")
        # google-cloud-storage spells one of them ifMetaGenerationNotMatch when it uploads.
        lower = {name.lower(): value for name, value in query.items() if name.lower().startswith(prefix.lower())}
        found = [whole_number(prefix + name, lower.get((prefix + name).lower())) for name in names]
        if found[0] is not None and found[1] is not None:
            raise bad_request(f"{prefix}GenerationMatch and {prefix}GenerationNotMatch exclude each other.")
        return cls(*found)

    @classmethod
    def of_headers(cls, headers: Mapping[str, str]) -> Preconditions:
        """`x-goog-if-generation-match` and `x-goog-if-metageneration-match`. Raises 400."""
        names = ("x-goog-if-generation-match", "x-goog-if-metageneration-match")
        generation, metageneration = (whole_number(name, headers.get(name)) for name in names)
        return cls(generation_match=generation, metageneration_match=metageneration)

    @classmethod
    def of_dict(cls, values: Mapping[str, Any]) -> Preconditions:
        """The inverse of `dict`."""
        return cls(**values)

    def dict(self) -> dict[str, int | None]:
        """For keeping with a resumable upload."""
        return asdict(self)

    def check(self, current: StoredObject | Bucket | None, *, read: bool = False) -> None:
        """Raises 412; where a reader already has it (`…NotMatch`) raises NotModified instead."""
        generation = current.generation if isinstance(current, StoredObject) else 0
        metageneration = current.metageneration if current else None
        if self.generation_match is not None and self.generation_match != generation:
            raise precondition_failed()
        if self.metageneration_match is not None and self.metageneration_match != metageneration:
            raise precondition_failed()
        same = self.generation_not_match is not None and self.generation_not_match == generation
        same = same or (self.metageneration_not_match is not None and self.metageneration_not_match == metageneration)
        if same and read:
            raise NotModified(current.etag if current else None)
        if same:
            raise precondition_failed()


NONE = Preconditions()
