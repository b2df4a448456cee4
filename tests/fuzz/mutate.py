"""Ways in which bytes go wrong: on the network, in an encoder's bug, in a stranger's hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_PACKET = 188  # bytes of an MPEG-TS packet
_SIZES = (0, 1, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
Mutation = Callable[[bytearray, Random, Sequence[bytes]], bytearray]


def mutate(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """`data` after one to three mutations; `others` are what it may be spliced with."""
    wrong = bytearray(data)
    for _each in range(rng.choice((1, 1, 2, 3))):
        wrong = rng.choice(MUTATIONS)(wrong, rng, others)
    return bytes(wrong)


def _place(data: bytearray, rng: Random) -> int:
    """Anywhere, but often near the start, where headers are."""
    reach = rng.choice((64, 1500, 6000, len(data)))
    return rng.randrange(max(1, min(reach, len(data))))


def truncate(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    return data[: _place(data, rng)]


def flip_bits(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    for _each in range(rng.choice((1, 4, 40, 400))):
        if data:
            data[_place(data, rng)] ^= 1 << rng.randrange(8)
    return data


def noise(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    at = _place(data, rng)
    data[at : at + rng.choice((1, 16, 500, 5000))] = rng.randbytes(rng.choice((1, 16, 500, 5000)))
    return data


def zeros(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    at, size = _place(data, rng), rng.choice((4, 188, 4000))
    data[at : at + size] = bytes(size)
    return data


def lose(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 188, 1316, 20_000))]
    return data


def repeat(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    at, size = _place(data, rng), rng.choice((1, 188, 5000, 50_000))
    data[at:at] = data[at : at + size] * rng.choice((1, 3, 30))
    return data


def sizes(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    """Lengths and counts that lie: boxes of MP4, elements of Matroska, tags of FLV."""
    for _each in range(rng.choice((1, 3, 10))):
        at, width = _place(data, rng), rng.choice((1, 2, 3, 4, 8))
        data[at : at + width] = (rng.choice(_SIZES) & (1 << 8 * width) - 1).to_bytes(width)
    return data


def splice(data: bytearray, rng: Random, others: Sequence[bytes]) -> bytearray:
    """The start of one input and the rest of another, as after a sender that changed its mind."""
    other = rng.choice(others)
    return data[: _place(data, rng)] + other[rng.randrange(len(other)) :]


def follow(data: bytearray, rng: Random, others: Sequence[bytes]) -> bytearray:
    """One input after another in the same body."""
    return data + rng.choice(others)


def reorder(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    """Whole MPEG-TS packets in another order."""
    packets = [data[at : at + _PACKET] for at in range(0, len(data), _PACKET)]
    at, size = rng.randrange(len(packets) or 1), rng.choice((2, 20, 200))
    middle = packets[at : at + size]
    rng.shuffle(middle)
    return bytearray(b"".join([*packets[:at], *middle, *packets[at + size :]]))


def headers(data: bytearray, rng: Random, _: Sequence[bytes]) -> bytearray:
    """MPEG-TS packet headers and adaptation fields: other PIDs, other flags, other clocks."""
    for _each in range(rng.choice((1, 10, 100))):
        at = rng.randrange(len(data) // _PACKET or 1) * _PACKET + rng.randrange(1, 12)
        if at < len(data):
            data[at] = rng.randrange(256)
    return data


MUTATIONS: tuple[Mutation, ...] = (
    *(truncate, flip_bits, flip_bits, noise, zeros, lose, repeat, sizes, sizes, splice, follow, reorder, headers),
)
