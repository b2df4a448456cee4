"""Pictures as browsers show them: upright, whole instead of fields, in square pixels, in SDR and limited range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from av.error import BlockingIOError as Starved
from av.error import EOFError as Drained
from av.filter import Graph
from av.sidedata.sidedata import SideData, SideDataContainer, Type
from av.video.frame import VideoFrame

from pipeline.media.limits import LARGEST

from ..units import CLOCK, TIME_BASE
from . import tone_map

_ASPECTS = Fraction(1, 4), Fraction(4)  # of a pixel: beyond, it is damaged
_UNKNOWN, _RGB, _BT709 = 2, 0, 1  # FFmpeg's AVCOL_SPC_*
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}

Turn = tuple[int, ...]
"""How a picture is turned and mirrored: the signs of its display matrix, to the right (x, y) and downwards (x, y)."""
UPRIGHT: Turn = (1, 0, 0, 1)

_TURNS: dict[Turn, tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, 1): (("hflip", ""),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}


def turn_of(frame: VideoFrame) -> Turn:
    """How a picture is to be turned. Telephones store pictures as the sensor lies."""
    # Not `frame.side_data`, which refers to its frame and it to that: a hundred pictures would wait for the collector.
    side_data = cast(Iterable[SideData], SideDataContainer(frame))  # type: ignore[call-arg]  # PyAV's types lack it
    data = next((bytes(one) for one in side_data if one.type == Type.DISPLAYMATRIX), None)
    if data is None:
        return UPRIGHT
    matrix = memoryview(data).cast("i")
    parts = [matrix[at] for at in (0, 1, 3, 4)]
    most = max(abs(part) for part in parts)
    signs = tuple((part > 0) - (part < 0) if abs(part) * 2 > most else 0 for part in parts)
    return signs if signs in _TURNS else UPRIGHT


def size_of(width: int, height: int, aspect: Fraction | None, turn: Turn = UPRIGHT) -> tuple[int, int]:
    """The even size, in square pixels, of a picture whose pixels are `aspect` times as wide as high, once turned.

    One of more pixels than a segment's is made smaller.
    """
    if aspect and aspect > 1 and aspect <= _ASPECTS[1]:
        width = round(width * aspect)
    elif aspect and _ASPECTS[0] <= aspect < 1:
        height = round(height / aspect)
    if width * height > LARGEST.pixels:
        less = min(math.sqrt(LARGEST.pixels / (width * height)), LARGEST.width / max(width, height))
        width, height = int(width * less + 1e-6), int(height * less + 1e-6)
    return (width & ~1, height & ~1) if turn[0] else (height & ~1, width & ~1)


@dataclass(frozen=True, slots=True)
class _Shape:
    width: int
    height: int
    format: str
    turn: Turn
    fields: bool
    transfer: int
    matrix: int
    full: bool
    aspect: Fraction | None


class PictureFilter:
    """Filters decoded pictures. Another shape of them sets the filters up again."""

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._shape: _Shape | None = None
        self._fields = False  # whether a picture was interlaced: then it may come again, as in telecined films

    def frames(self, frame: VideoFrame, aspect: Fraction | None) -> Iterator[VideoFrame]:
        """The pictures that are ready after this one. `aspect`: of its pixels."""
        self._fields |= frame.interlaced_frame
        shape = _shape(frame, aspect, self._fields)
        if shape != self._shape:
            yield from self.rest()
            self._graph, self._shape = _graph(shape), shape
        assert self._graph is not None
        self._graph.push(frame)
        yield from self._ready(self._graph)

    def rest(self) -> Iterator[VideoFrame]:
        """The pictures that the filters hold back. They are set up again for the next one."""
        if self._graph:
            self._graph.push(None)
            yield from self._ready(self._graph)
        self._graph = self._shape = None

    @staticmethod
    def _ready(graph: Graph) -> Iterator[VideoFrame]:
        while True:
            try:
                frame = graph.pull()
            except (Starved, Drained):
                return
            assert isinstance(frame, VideoFrame)
            if frame.pts is not None and frame.time_base:  # some filters count in finer units
                frame.pts, frame.time_base = round(frame.pts * frame.time_base * CLOCK), TIME_BASE
            yield frame


def _shape(frame: VideoFrame, aspect: Fraction | None, fields: bool) -> _Shape:
    transfer = int(frame.color_trc)
    return _Shape(
        frame.width,
        frame.height,
        frame.format.name,
        turn_of(frame),
        fields,
        transfer if transfer in (tone_map.PQ, tone_map.HLG) else 0,
        int(frame.colorspace),
        int(frame.color_range) == 2 or frame.format.name.startswith("yuvj"),
        aspect,
    )


def _graph(shape: _Shape) -> Graph:
    graph = Graph()
    source = f"video_size={shape.width}x{shape.height}:pix_fmt={shape.format}:time_base=1/{CLOCK}"
    source += f":range={'pc' if shape.full else 'tv'}"
    if shape.matrix in _MATRICES:
        source += f":colorspace={_MATRICES[shape.matrix]}"
    width, height = size_of(shape.width, shape.height, shape.aspect)
    nodes = [graph.add("buffer", source)]
    if shape.fields:
        nodes.append(graph.add("bwdif", "mode=send_frame:deint=interlaced"))
    if shape.transfer:
        table = tone_map.table(shape.transfer)
        nodes.append(graph.add("scale", f"{width}:{height}"))  # first: 8K takes 200 MB in these formats
        nodes += [graph.add("format", "gbrp10le"), graph.add("lut3d", f"file={table}:interp=tetrahedral")]
        nodes.append(graph.add("scale", f"{width}:{height}:out_color_matrix=bt709:out_range=tv"))
        nodes.append(graph.add("setparams", "color_primaries=bt709:color_trc=bt709"))
    else:
        nodes.append(graph.add("scale", f"{width}:{height}:out_range=tv"))
    nodes.append(graph.add("format", "yuv420p"))
    nodes += [graph.add(name, options) for name, options in _TURNS[shape.turn]]
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes).configure()
    return graph
