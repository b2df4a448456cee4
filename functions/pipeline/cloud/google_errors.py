"""What a google.rpc.Code of one of Google's APIs means for the event that it was called for."""

from __future__ import annotations

from ..domain.errors import MediaAnalyzerError, Poison, QuotaExceeded, Unavailable

NOT_FOUND = 5
_PERMANENT = {3, 9, 11, 12}  # INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED
_RESOURCE_EXHAUSTED = 8


def meaning(code: int, service: str, message: str) -> MediaAnalyzerError:
    """The error of the tree. What nobody can say of the code alone (NOT_FOUND) is tried again."""
    if code in _PERMANENT:
        return Poison(f"{service} refuses: {message}")
    if code == _RESOURCE_EXHAUSTED:
        return QuotaExceeded(f"{service}'s quota is used up for now: {message}")
    return Unavailable(f"{service} did not answer (code {code}): {message}")
