"""Forty streams and one sender that takes what it can, within the memory that the deployment declares for ingest."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory, made_stream
from tests.contract.ingest.pushing import Encoder
from tests.contract.ingest.senders import held_open
from tests.contract.ingest.worker import DECLARED, peak_bytes, worker_of
from tests.unit.ingest.clips import Clip
from tests.unit.limits import hostile

_STREAMS = 40


def test_one_hostile_sender_beside_forty_streams_stays_within_the_declared_memory(
    services: ServiceFactory, stream: Publishing, tmp_path: Path
) -> None:
    service = services(MALLOC_ARENA_MAX="2")  # as in its image
    worker, master = worker_of(service), psutil.Process(service.process.pid)
    five_mbit = Clip(tmp_path / "normal.ts", 100, 0)
    five_mbit.path.write_bytes(hostile.inflated(tmp_path, 4.0, 2_500_000))
    segment = hostile.inflated(tmp_path, 11.0, 30 << 20)
    greedy = [
        hostile.endless_picture(tmp_path, 40 << 20),
        hostile.declared_index(80_000_000),
        hostile.h264(tmp_path, 16000, 16000),
        hostile.mjpeg(tmp_path, 16000, 16000),
    ]
    others = [held_open(service, made_stream(), five_mbit) for _ in range(_STREAMS - 1)]

    encoder = Encoder(service, stream)
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda n: encoder.send("PUT", f"a{n}.ts", segment)[0], range(8)))
    assert set(answers) <= {200, 429, 503}
    assert [posted(service, made_stream(), data) for data in greedy] == [415] * 4
    posted(service, made_stream(), segment * 4)

    peak = peak_bytes(worker)
    print(f"peak {peak >> 20} MiB of {DECLARED >> 20}")
    assert worker.is_running()
    for other in others:
        other.send(b"0\r\n\r\n")
        answer = other.getresponse()
        assert (answer.status, json.loads(answer.read())["media_seconds"]) == (200, 4.0)
    assert peak + master.memory_info().rss < DECLARED


def posted(service: Service, stream: Publishing, data: bytes) -> int:
    """The status of a POST, whose answer may come before its end."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", f"/streams/{stream.id}")
    connection.putheader("Authorization", f"Bearer {stream.key}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    with suppress(BrokenPipeError, ConnectionResetError):
        for at in range(0, len(data), 1 << 16):
            piece = data[at : at + (1 << 16)]
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")
    return connection.getresponse().status
