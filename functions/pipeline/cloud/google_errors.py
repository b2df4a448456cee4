"""Errors of Google's APIs, and of the network below them, as errors of the tree."""

from __future__ import annotations

import requests
from google.api_core import exceptions as google

from ..domain.errors import MediaAnalyzerError, Poison, QuotaExceeded, Unavailable

NOT_FOUND = 5
_PERMANENT = {3, 9, 11, 12}  # INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED
_RESOURCE_EXHAUSTED = 8


def meaning(code: int, service: str, message: str) -> MediaAnalyzerError:
    """The error that a google.rpc.Code stands for. NOT_FOUND may be any of several, and is retried."""
    if code in _PERMANENT:
        kind, said = Poison, f"{service} refuses"
    elif code == _RESOURCE_EXHAUSTED:
        kind, said = QuotaExceeded, f"{service}'s quota is used up for now"
    else:
        kind, said = Unavailable, f"{service} did not answer (code {code})"
    return kind(f"{said}: {message}", public=said)


def translate(error: Exception) -> MediaAnalyzerError:
    """`error` as one of the tree. What is outside it is a defect: a bare MediaAnalyzerError, status 500, retried."""
    if isinstance(error, MediaAnalyzerError):
        return error
    if isinstance(error, google.TooManyRequests):
        said = "a Google API refused for now"
        return QuotaExceeded(f"{said}: {error.message}", public=said)
    if isinstance(error, google.ServerError):
        said = "a Google API did not answer"
        return Unavailable(f"{said}: {error.message}", public=said)
    if isinstance(error, (ConnectionError, requests.ConnectionError, requests.Timeout, google.RetryError)):
        said = "a service did not answer"
        return Unavailable(f"{said}: {error}", public=said)
    return MediaAnalyzerError(f"unexpected {type(error).__name__}: {error}", public="a defect, which the log explains")
