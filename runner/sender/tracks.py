"""The choice among several tracks of one kind."""

from __future__ import annotations

from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream


def pictures(container: InputContainer) -> list[VideoStream]:
    """The video streams, the one that is sent first: the default one, else the first. Covers of songs are none."""
    videos = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    return sorted(videos, key=lambda one: not one.disposition & Disposition.default)
