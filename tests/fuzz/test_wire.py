"""The real service under senders that misbehave: it answers clearly, does not grow, and takes the next publisher."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from random import Random

import psutil
import pytest

from tests.contract.ingest.conftest import Publishing, Service, made_stream
from tests.contract.ingest.senders import post
from tests.fuzz import wire
from tests.fuzz.campaign import Campaign

_EVERY = 15  # inputs between two publishers that do nothing wrong
_GROWTH_MB = 96.0  # what allocators keep of the largest inputs; a leak of one input's size would pass it soon


def worker_of(service: Service) -> psutil.Process:
    """The process that carries the streams; gunicorn would start another one after a crash."""
    [worker] = psutil.Process(service.process.pid).children()
    return worker


@pytest.mark.parametrize(("way", "least"), [(wire.body, 30), (wire.websocket, 30), (wire.hls, 30)])
def test_senders_that_misbehave_are_answered_and_the_next_publisher_is_taken(
    service: Service,
    environment: dict[str, str],
    inputs: Mapping[str, bytes],
    way: Callable[[int, Publishing, bytes, Random], str],
    least: int,
) -> None:
    campaign, worker, stream = Campaign(way.__name__, least), worker_of(service), made_stream()
    grown: list[float] = []
    for number, case in enumerate(campaign.cases(inputs)):
        try:
            campaign.count(way(service.port, stream, case.data, Random(case.seed)))
            assert worker.is_running() and worker_of(service) == worker, "the service crashed"
            if number % _EVERY == _EVERY - 1:
                well_behaved(service, inputs["mpegts"])
                grown.append(worker.memory_info().rss / 1e6)
                stream = made_stream()
        except (AssertionError, OSError, ValueError) as fault:
            pytest.fail(f"{case.kind}, seed {case.seed}: {fault!r}\n{campaign.keep(case)}")
    well_behaved(service, inputs["mpegts"])
    print(campaign.outcomes)
    assert "FUZZ_INPUT" in os.environ or len(campaign.outcomes) > 1
    assert not grown or grown[-1] - grown[0] < _GROWTH_MB, f"MB after every {_EVERY} inputs: {grown}"


def well_behaved(service: Service, clip: bytes) -> None:
    """A publisher that does nothing wrong is taken, and every second of it is stored."""
    status, answer = post(service, made_stream(), iter([clip]))
    assert (status, answer.get("media_seconds")) == (200, pytest.approx(1.5, abs=0.05)), answer
