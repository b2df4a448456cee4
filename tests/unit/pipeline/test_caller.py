"""Whom a request came from, behind Google's front ends."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder

from pipeline.cloud import caller


def seen(*forwarded: str, hops: int) -> str:
    builder = EnvironBuilder(environ_base={"REMOTE_ADDR": "169.254.1.1"})
    for value in forwarded:
        builder.headers.add("X-Forwarded-For", value)
    return caller.address(builder.get_request(), hops)


@pytest.mark.parametrize(
    ("forwarded", "hops"),
    [
        (("203.0.113.9",), 1),
        (("198.51.100.1, 203.0.113.9",), 1),
        (("198.51.100.1", "203.0.113.9"), 1),
        (("198.51.100.1,203.0.113.9,192.0.2.5",), 2),
    ],
    ids=["alone", "after what the caller claims", "in two headers", "before the load balancer's"],
)
def test_the_caller_is_whom_the_outermost_front_end_of_ours_saw(forwarded: tuple[str, ...], hops: int) -> None:
    assert seen(*forwarded, hops=hops) == "203.0.113.9"


@pytest.mark.parametrize("forwarded", [(), ("203.0.113.9",)])
def test_without_a_front_end_the_header_is_the_callers_own_word(forwarded: tuple[str, ...]) -> None:
    assert seen(*forwarded, hops=0) == "169.254.1.1"


def test_a_front_end_that_noted_nothing_leaves_the_socket() -> None:
    assert seen(hops=1) == "169.254.1.1"
