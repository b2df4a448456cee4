"""The Python client of Media Analyzer: streams, what is found on them, reports, sending.

    from media_analyzer import Client

    with Client("https://HOST", key) as client:
        for track in client.tracks("studio", session, label="Nike"):
            print(track["from"], track["to"])

`media-analyzer` is its command line.
"""

from .client import Client
from .errors import (
    ClipFailed,
    MediaAnalyzerError,
    NotFound,
    PushFailed,
    Refused,
    TooManyRequests,
    Unauthorized,
    Unreachable,
)
from .live import Seen

__all__ = [
    "Client",
    "ClipFailed",
    "MediaAnalyzerError",
    "NotFound",
    "PushFailed",
    "Refused",
    "Seen",
    "TooManyRequests",
    "Unauthorized",
    "Unreachable",
]
