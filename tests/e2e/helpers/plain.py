"""What a test need not have analysed: a second of the sample clip takes several of a core."""

from __future__ import annotations

from typing import Any

from emulator.sample import streams


def plain(endpoints: Any, stream: str, name: str) -> str:
    """A new stream's key. Frames are sampled and looked at, but for faces: the sample clip shows none to follow."""
    key = streams.recreate(endpoints, stream, name)
    streams.ask(endpoints, "PATCH", f"/streams/{stream}", {"settings": {"kinds": ["face"]}})
    return key


def seen_enough(endpoints: Any, stream: str) -> None:
    """Deletes a stream: what still waits of it is not analysed, and nothing on it is followed. Its session has ended:
    ingest would still write the playlists of one that has not.
    """
    streams.ask(endpoints, "DELETE", f"/streams/{stream}")
