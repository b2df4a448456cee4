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
        return Poison(f"{service} refuses: {message}")
    if code == _RESOURCE_EXHAUSTED:
        return QuotaExceeded(f"{service}'s quota is used up for now: {message}")
    return Unavailable(f"{service} did not answer (code {code}): {message}")


def translate(error: Exception) -> MediaAnalyzerError:
    """`error` as one of the tree. What is outside it is a defect: a bare MediaAnalyzerError, status 500, retried."""
    if isinstance(error, MediaAnalyzerError):
        return error
    if isinstance(error, google.TooManyRequests):
        return QuotaExceeded(f"a Google API refused for now: {error.message}")
    if isinstance(error, google.ServerError):
        return Unavailable(f"a Google API did not answer: {error.message}")
    if isinstance(error, (ConnectionError, requests.ConnectionError, requests.Timeout, google.RetryError)):
        return Unavailable(f"a service did not answer: {error}")
    return MediaAnalyzerError(f"unexpected {type(error).__name__}: {error}")
