"""Rotates pictures upright."""

from __future__ import annotations

from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

_FILTERS = {90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}


class Rotator:
    """Rotates by 90, 180 or 270 degrees counterclockwise."""

    def __init__(self, stream: VideoStream, rotation: int) -> None:
        self._graph = Graph()
        nodes = [self._graph.add_buffer(template=stream)]
        nodes += [self._graph.add(name, options) for name, options in _FILTERS[rotation]]
        nodes.append(self._graph.add("buffersink"))
        self._graph.link_nodes(*nodes).configure()

    def turned(self, frame: VideoFrame) -> VideoFrame:
        """The rotated picture."""
        self._graph.push(frame)
        turned = self._graph.pull()
        assert isinstance(turned, VideoFrame)
        return turned
