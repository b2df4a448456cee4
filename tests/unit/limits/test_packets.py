"""The packets of an input to which streams are added on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import av
import pytest
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from pipeline.media.containers import packets


class Added:
    """An input as PyAV has it: at its end it comes to a stream that was added meanwhile, which it does not know."""

    def __init__(self, *before: Packet[Stream]) -> None:
        self._before = before

    def demux(self, *streams: Any) -> Iterator[Packet[Stream]]:
        yield from self._before
        raise IndexError("list index out of range")


def test_the_end_of_an_input_is_the_end_though_streams_were_added() -> None:
    one, empty = av.Packet(b"picture"), av.Packet()
    assert list(packets(cast(InputContainer, Added(one, empty)))) == [one, empty]


def test_an_error_before_the_end_is_told() -> None:
    with pytest.raises(IndexError):
        list(packets(cast(InputContainer, Added(av.Packet(b"picture")))))
