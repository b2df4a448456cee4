"""The real service under senders that misbehave: it answers clearly, does not grow, and takes the next publisher."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from random import Random

import pytest

from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory, made_stream
from tests.contract.ingest.senders import post
from tests.contract.ingest.worker import DECLARED, peak_bytes, worker_of
from tests.fuzz import wire
from tests.fuzz.campaign import Campaign, Case

_SENDERS = 8  # at once: each of them mostly waits
_EACH = 8  # inputs of each between two publishers that do nothing wrong
_GROWTH_MB = 96.0  # what allocators keep of the largest inputs; a leak of one input's size would pass it soon
Way = Callable[[int, Publishing, bytes, Random], str]


@pytest.fixture(scope="module")
def service(services: ServiceFactory) -> Service:
    return services(MALLOC_ARENA_MAX="2", MAX_TRANSCODES=str(_SENDERS))  # the first as in its image


@pytest.mark.parametrize(("way", "least"), [(wire.body, 64), (wire.websocket, 64), (wire.hls, 64)])
def test_senders_that_misbehave_are_answered_and_the_next_publisher_is_taken(
    service: Service, inputs: Mapping[str, bytes], way: Way, least: int
) -> None:
    campaign, worker = Campaign(way.__name__, least), worker_of(service)
    grown: list[float] = []
    with ThreadPoolExecutor(_SENDERS) as senders:
        for cases in rounds(campaign.cases(inputs)):
            shares = [cases[number::_SENDERS] for number in range(_SENDERS)]
            for answers in senders.map(lambda share: answered(service, way, share), shares):
                for case, answer in answers:
                    assert isinstance(answer, str), f"{case.kind}, seed {case.seed}: {answer!r}\n{campaign.keep(case)}"
                    campaign.count(answer)
            crashed = not worker.is_running() or worker_of(service) != worker
            assert not crashed, "\n".join(["the service crashed under one of these", *map(campaign.keep, cases)])
            well_behaved(service, inputs["mpegts"])
            grown.append(worker.memory_info().rss / 1e6)
    peak = peak_bytes(worker)
    on_the_way = [round(mb) for mb in (*grown[:: max(1, len(grown) // 10)], grown[-1])]
    most = f"peak {peak >> 20} MiB of {DECLARED >> 20}, on the way {on_the_way} MB"
    print(way.__name__, dict(campaign.outcomes), f"{sum(campaign.outcomes.values())} inputs, {most}")
    assert "FUZZ_INPUT" in os.environ or len(campaign.outcomes) > 1
    assert grown[-1] - grown[0] < _GROWTH_MB, f"MB after every {_SENDERS * _EACH} inputs: {grown}"
    assert peak < DECLARED


def rounds(cases: Iterator[Case]) -> Iterator[list[Case]]:
    """The cases, so many at a time as all senders send."""
    while some := list(islice(cases, _SENDERS * _EACH)):
        yield some


def answered(service: Service, way: Way, cases: Sequence[Case]) -> list[tuple[Case, str | Exception]]:
    """What one sender was answered to each of its cases. Pushes go on in one stream; a broken connection would keep
    its stream for a while."""
    stream, found = made_stream(), list[tuple[Case, str | Exception]]()
    for case in cases:
        try:
            found.append((case, way(service.port, stream, case.data, Random(case.seed))))
        except (AssertionError, OSError, ValueError) as fault:
            found.append((case, fault))
        if way is not wire.hls:
            stream = made_stream()
    return found


def well_behaved(service: Service, clip: bytes) -> None:
    """A publisher that does nothing wrong is taken, and every second of it is stored."""
    status, answer = post(service, made_stream(), iter([clip]))
    assert (status, answer.get("media_seconds")) == (200, pytest.approx(1.5, abs=0.05)), answer
