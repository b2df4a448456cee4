"""Finds the place where a transport stream changes its streams: another PMT (ISO 13818-1, 2.4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_PACKET, _SYNC = 188, 0x47
_BODY = 4  # where what repeats begins: packets of one table differ in their counter, in the fourth byte
_DATA = {0x05, 0x0B, 0x0C, 0x0D, 0x15, 0x86}  # stream types without picture or sound: sections, metadata, SCTE 35
_VIDEO = {0x01, 0x02, 0x10, 0x1B, 0x24}
_SOUND = {0x03, 0x04, 0x0F, 0x11, 0x1C, *range(0x80, 0x85), 0x87}
_PRIVATE, _SOUNDS_OF_PRIVATE = 0x06, {0x6A, 0x7A, 0x7B, 0x7C}  # descriptors of AC-3, E-AC-3, DTS and AAC in DVB
_REGISTRATION, _REGISTERED_SOUNDS = 0x05, (b"Opus", b"AC-3", b"EAC3")
_BEGINS = re.compile(rb"[\x40-\x7f\xc0-\xff]")  # second bytes of packets in which a table or a picture begins
_MAX_TABLES = 50  # about five seconds, while a keyframe is awaited at which a stretch can begin

Streams = frozenset[tuple[int, int]]


class TransportTables:
    """Watches PAT and PMT. If the video keeps its PID, a stretch begins at its next keyframe, and nothing is lost."""

    def __init__(self) -> None:
        self._held = b""
        self._pat = b""
        self._table: int | None = None  # PID of the PMT
        self._streams: Streams | None = None
        self._known: bytes | None = None  # the latest PMT
        self._turn: bytes | None = None  # the PMT of the next stretch, while a keyframe is awaited
        self._pictures: int | None = None  # their PID
        self._waited = 0
        self._sounds: frozenset[int] = frozenset()  # their PIDs
        self._awaits_sound = self._late = False

    def await_sound(self) -> None:
        """See Watch."""
        self._awaits_sound = True

    def cut(self, data: bytes) -> tuple[bytes, bytes | None]:
        """See Watch."""
        data = self._held + data
        at = 0
        while at + _PACKET <= len(data):
            end = _in_step(data, at)
            if end == at:  # damage, or the sender has started over in the middle of a packet
                at = _resume(data, at)
                continue
            for begin in self._of_interest(data, at, end):
                turned = self._look(data[begin : begin + _PACKET])
                if turned is not None:
                    return data[:begin], turned + data[begin:]
            at = end
        at = min(at, len(data))
        self._held = data[at:]
        return data[:at], None

    def rest(self) -> bytes:
        """See Watch."""
        return self._held

    def _of_interest(self, data: bytes, at: int, end: int) -> Iterator[int]:
        """The positions of packets with a table, or with the start of the awaited picture."""
        for found in _BEGINS.finditer(data[at + 1 : end : _PACKET]):
            begin = at + found.start() * _PACKET
            pid = (data[begin + 1] & 0x1F) << 8 | data[begin + 2]
            awaited = (self._turn and pid == self._pictures) or (self._awaits_sound and pid in self._sounds)
            if pid in (0, self._table) or awaited:
                yield begin

    def _look(self, packet: bytes) -> bytes | None:
        """The bytes that the next stretch begins with, before this packet; None while this one continues."""
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        if pid == 0:
            known = packet[_BODY:] == self._pat[_BODY:]
            if not known and (program := _section(packet, 0x00)):
                self._pat, self._table = packet, _program(program)
        elif pid == self._table:
            return self._compare(packet)
        elif self._awaits_sound and pid in self._sounds:
            self._late = True
            self._turn = self._turn or self._known
        elif self._turn and packet[3] & 0x20 and packet[4] and packet[5] & 0x40:  # random access
            return self._pat + self._turn
        return None

    def _compare(self, packet: bytes) -> bytes | None:
        if self._known and not self._turn and not self._late and packet[_BODY:] == self._known[_BODY:]:
            return None
        section = _section(packet, 0x02)
        found = _streams(section) if section else None
        if not section or not found:
            return None
        if self._streams is None:
            self._streams = found
        if found == self._streams:
            self._known = packet
            self._sounds = frozenset(pid for kind, pid in found if kind in _SOUND) | _private_sounds(section)
            self._pictures = next((pid for kind, pid in found if kind in _VIDEO), None)
            self._turn = packet if self._late else None
            return None
        kept = next((pid for kind, pid in found & self._streams if kind in _VIDEO), None)
        self._waited = self._waited + 1 if self._turn else 0
        self._turn, self._pictures = packet, kept
        return self._pat if kept is None or self._waited > _MAX_TABLES else None


def _in_step(data: bytes, at: int) -> int:
    """The end of the whole packets from `at` on that begin with a sync byte."""
    syncs = data[at : len(data) - _PACKET + 1 : _PACKET]
    good = len(syncs) - len(syncs.lstrip(bytes([_SYNC])))
    return at + good * _PACKET


def _resume(data: bytes, at: int) -> int:
    """The position of the next sync byte; the end if there is none yet."""
    while (at := data.find(_SYNC, at + 1)) >= 0:
        if at + _PACKET >= len(data) or data[at + _PACKET] == _SYNC:
            return at
    return len(data)


def _section(packet: bytes, table: int) -> bytes | None:
    """The table in a packet, from its id to before its checksum; None if it is another table or damaged."""
    at = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
    if at >= _PACKET or not packet[3] & 0x10:
        return None
    at += 1 + packet[at]
    if at + 3 > _PACKET or packet[at] != table:
        return None
    end = at + 3 + ((packet[at + 1] & 0x0F) << 8 | packet[at + 2])
    if end > _PACKET or end - at < 12 or _crc(packet[at:end]):
        return None
    return packet[at : end - 4]


def _program(section: bytes) -> int | None:
    """The PMT's PID of the first programme."""
    return next(_programmes(section), None)


def _programmes(section: bytes) -> Iterator[int]:
    """The PIDs of the PMTs that a PAT lists."""
    for at in range(8, len(section) - 3, 4):
        if section[at : at + 2] != b"\0\0":  # 0 is the network's
            yield (section[at + 2] & 0x1F) << 8 | section[at + 3]


def _streams(section: bytes) -> Streams:
    """(type, PID) of each picture and sound."""
    return frozenset((kind, pid) for kind, pid, _ in _entries(section) if kind not in _DATA)


def _private_sounds(section: bytes) -> frozenset[int]:
    """The PIDs of sound that only its descriptors tell from subtitles."""
    return frozenset(pid for kind, pid, described in _entries(section) if kind == _PRIVATE and _is_sound(described))


def _is_sound(descriptors: bytes) -> bool:
    at = 0
    while at + 2 <= len(descriptors):
        tag, body = descriptors[at], descriptors[at + 2 : at + 2 + descriptors[at + 1]]
        if tag in _SOUNDS_OF_PRIVATE or (tag == _REGISTRATION and body[:4] in _REGISTERED_SOUNDS):
            return True
        at += 2 + descriptors[at + 1]
    return False


def _entries(section: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(type, PID, descriptors) of each stream in a PMT."""
    at = 12 + ((section[10] & 0x0F) << 8 | section[11]) if len(section) >= 12 else len(section)
    while at + 5 <= len(section):
        size = (section[at + 3] & 0x0F) << 8 | section[at + 4]
        yield section[at], (section[at + 1] & 0x1F) << 8 | section[at + 2], section[at + 5 : at + 5 + size]
        at += 5 + size


def programme(data: bytes, pid: int) -> frozenset[int]:
    """The PIDs of the programme that has stream `pid`, by the tables in `data`; empty if none has."""
    tables: set[int] = set()
    at = _resume(data, -1)
    while at + _PACKET <= len(data):
        packet = data[at : at + _PACKET]
        found = (packet[1] & 0x1F) << 8 | packet[2]
        if packet[0] != _SYNC:
            at = _resume(data, at)
            continue
        section = _section(packet, 0x02 if found in tables else 0x00) if packet[1] & 0x40 else None
        if found == 0 and section:
            tables |= set(_programmes(section))
        elif section and pid in (pids := frozenset(entry[1] for entry in _entries(section))):
            return pids
        at += _PACKET
    return frozenset()


@lru_cache(maxsize=64)  # the same few tables come again and again
def _crc(data: bytes) -> int:
    """CRC-32/MPEG-2; 0 over a section that ends with its own."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc
