"""Many senders in one process of their own, in real time: `python -m tests.bench.helpers.feeder CLIP SECONDS URL...`

http://KEY@host/streams/x is fed by POST, rtmp://… by FFmpeg's own muxer. Exits with 1 where a sender was refused, and
prints a line of JSON: the CPU seconds that it took, and what went wrong.
"""

from __future__ import annotations

import http.client
import io
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import av

_TICK = 0.1  # seconds between two writes of a sender


def by_post(url: str, data: bytes, seconds: float) -> str | None:
    """Sends MPEG-TS of a constant bit rate; what was answered, where it is not 200."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    headers = {"Authorization": f"Bearer {at.username}"}
    connection.request("POST", at.path, paced(data, seconds), headers, encode_chunked=True)
    answer = connection.getresponse()
    said = answer.read()
    return None if answer.status == 200 else f"{answer.status} {said[:200]!r}"


def paced(data: bytes, seconds: float) -> Iterator[bytes]:
    """The bytes, evenly over the time."""
    begun, at = time.monotonic(), 0
    while at < len(data):
        due = int(min(1.0, (time.monotonic() - begun + _TICK) / seconds) * len(data))
        if due > at:
            yield data[at:due]
            at = due
        time.sleep(_TICK)


def by_rtmp(url: str, data: bytes, seconds: float) -> str | None:
    """Sends the packets as FLV when they are due."""
    with av.open(io.BytesIO(data), "r") as source, av.open(url, "w", format="flv") as target:
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        begun, first = time.monotonic(), None
        for packet in source.demux():
            if packet.dts is None or packet.time_base is None:
                continue
            first = packet.dts if first is None else first
            due = begun + float((packet.dts - first) * packet.time_base)
            if (wait := due - time.monotonic()) > _TICK / 2:
                time.sleep(wait)
            packet.stream = streams[packet.stream_index]
            target.mux_one(packet)
    return None


def main(clip: str, seconds: str, *urls: str) -> int:
    """Exit status."""
    data, faults = Path(clip).read_bytes(), list[str]()

    def run(url: str) -> None:
        try:
            fault = (by_rtmp if url.startswith("rtmp") else by_post)(url, data, float(seconds))
        except OSError as error:
            fault = f"{type(error).__name__}: {error}"
        if fault:
            faults.append(fault)

    senders = [threading.Thread(target=run, args=(url,)) for url in urls]
    for sender in senders:
        sender.start()
        time.sleep(min(0.05, 2 / len(urls)))  # not all keyframes at once
    for sender in senders:
        sender.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "faults": faults}), flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
