"""AAC's frame headers (ISO 13818-7, ADTS): each says how its frame is to be decoded, and how long it lasts."""

from __future__ import annotations

from av.packet import Packet
from av.stream import Stream

from .units import CLOCK

_HEADER_BYTES = 7
_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_FRAME = 1024  # samples
_FORM = 0xFDC000  # of bytes 2 to 4: profile, rate and channels; without the private bit
_ROUNDING = 2  # ticks


def form(packet: Packet[Stream]) -> int | None:
    """What a decoder is set up with: profile, rate and channels, as one number. None without an ADTS header."""
    header = _header(packet)
    return int.from_bytes(header[2:5]) & _FORM if header else None


def _lasts(packet: Packet[Stream]) -> int | None:
    """The ticks of a packet that is an ADTS frame; None for another."""
    header = _header(packet)
    index = header[2] >> 2 & 15 if header else len(_RATES)
    return round(((header[6] & 3) + 1) * _FRAME * CLOCK / _RATES[index]) if header and index < len(_RATES) else None


def _header(packet: Packet[Stream]) -> bytes | None:
    header = bytes(memoryview(packet)[:_HEADER_BYTES])
    return header if len(header) == _HEADER_BYTES and header[0] == 0xFF and header[1] & 0xF6 == 0xF0 else None


class FrameTimes:
    """Times of the frames that share a PES packet, which carries one time for all of them.

    FFmpeg adds those of the others by the rate that it knows: none at first, and the old one after a change.
    """

    def __init__(self) -> None:
        self._follows: int | None = None  # the time that FFmpeg makes up for the next packet
        self._next: int | None = None  # the time that it has

    def mend(self, packet: Packet[Stream]) -> int:
        """Corrects a packet's times, which are ticks. Returns its duration, 0 if it is not known."""
        declared, lasts = packet.duration or 0, _lasts(packet)
        if lasts is None or packet.dts is None or abs(declared - lasts) <= _ROUNDING:
            self._follows = self._next = None
            return declared or lasts or 0
        made_up = self._follows is not None and abs(packet.dts - self._follows) <= _ROUNDING
        self._follows = packet.dts + declared
        if made_up and self._next is not None:
            packet.pts = packet.dts = self._next
        self._next = packet.dts + lasts
        return lasts
