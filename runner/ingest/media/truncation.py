"""Detects truncated files by the length that they declare: the demuxer reports nothing."""

from __future__ import annotations

from av.packet import Packet
from av.stream import Stream

from pipeline.domain.errors import UnsupportedMedia

from .units import seconds

_SLACK_SECONDS, _SLACK_SHARE = 3.0, 0.02  # how far a container's declared length may be off


class ExpectedLength:
    """Compares the packets with the `declared` seconds of stream number `stream`, or of all if that is None."""

    def __init__(self, declared: float, stream: int | None) -> None:
        self._declared = declared
        self._stream = stream
        self._first: int | None = None
        self._end = 0

    def add(self, packet: Packet[Stream]) -> None:
        """Adds a packet of the input, with times in ticks."""
        at = packet.dts if packet.pts is None else packet.pts
        if at is None or (self._stream is not None and packet.stream_index != self._stream):
            return
        self._first = at if self._first is None else min(self._first, at)
        self._end = max(self._end, at + (packet.duration or 0))

    def check(self) -> None:
        """Raises UnsupportedMedia if much is missing at the end."""
        found = seconds(self._end - (self._first or 0))
        if self._declared - found > max(_SLACK_SECONDS, _SLACK_SHARE * self._declared):
            raise UnsupportedMedia(
                f"the file is cut off: it says that it lasts {self._declared:.1f} s and has {found:.1f} s; "
                "what there is was taken"
            )
