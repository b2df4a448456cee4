"""A live stream beside an import: how late its first results are with and without one, and what is analysed meanwhile.

BENCH_SECONDS (20) is how long the stream is live each time. The import is long enough to wait all that time. Both are
the sample clip, which moves, with the kind `logo`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulator.declaration.endpoints import Endpoints
from emulator.paths import MEDIA
from emulator.sample import streams
from pipeline.cloud import clients
from pipeline.cloud.clients import firestore_client
from tests.bench.helpers import stacks
from tests.bench.helpers.sized import sized
from tests.bench.helpers.witness import Witness
from tests.wait import until

_SECONDS, _IMPORTED = sized((20, 1200), (4, 12))  # of media
_PATIENCE = 120.0


def rows() -> Iterator[dict[str, object]]:
    """The 95th percentile of a live stream's first results, alone and beside an import; the import's own progress."""
    seconds = int(os.environ.get("BENCH_SECONDS") or _SECONDS)
    with tempfile.TemporaryDirectory() as folder, stacks.running("bench-queues") as (_, endpoints):
        live, film = _looped(Path(folder) / "live.ts", seconds), _looped(Path(folder) / "film.mp4", _IMPORTED)
        _feed(endpoints, "warm", live, seconds)
        _feed(endpoints, "alone", live, seconds)
        _import(endpoints, film)
        before = _frames()
        _feed(endpoints, "beside", live, seconds)
        after = _frames()
        witness = Witness()
        witness.read()
        alone, beside = (witness.latency(0.95, stream) for stream in ("alone", "beside"))
        what = f"live {seconds} s"
        yield _row(f"{what} beside an import: finalised → first result, p95", beside, alone, "without one", "s")
        yield _row(f"{what}: frames of the import that were analysed meanwhile", after[0] - before[0], 0, "", "")
        yield _row(f"{what}: frames of the import that waited then", after[1], 0, "", "")


def _looped(path: Path, seconds: int) -> Path:
    command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", MEDIA / "sample.mp4", "-t", str(seconds)]
    subprocess.run([*command, "-c", "copy", path], check=True)
    return path


def _feed(endpoints: Endpoints, stream: str, clip: Path, seconds: int) -> None:
    """A live stream, until all of it has its first results."""
    key = streams.recreate(endpoints, stream, stream)
    streams.ask(endpoints, "PATCH", f"/streams/{stream}", {"settings": {"kinds": ["logo"]}})
    url = streams.address(endpoints, stream).replace("://", f"://{key}@")
    subprocess.run([sys.executable, "-m", "tests.bench.helpers.feeder", str(clip), str(seconds), url], check=True)
    begun = time.monotonic()
    until(lambda: _sampled(stream), _PATIENCE, f"all of {stream}, {time.monotonic() - begun:.0f} s after it ended")


def _sampled(stream: str) -> bool:
    sessions = list(firestore_client().collection(f"streams/{stream}/sessions").stream())
    stored = sum(int((one.to_dict() or {}).get("segments") or 0) for one in sessions)
    done = sum(_count(one.reference.collection("segments")) for one in sessions)
    return 0 < stored <= done


def _import(endpoints: Endpoints, film: Path) -> None:
    """An import under way: its first results are there."""
    streams.create(endpoints, "film", "Film")
    streams.ask(endpoints, "PATCH", "/streams/film", {"settings": {"kinds": ["logo"]}})
    clients.storage_client().bucket(os.environ["UPLOADS_BUCKET"]).blob("uploads/film/film.mp4").upload_from_filename(
        film
    )
    until(lambda: _frames()[0] > 0, _PATIENCE, "the first results of the import")


def _frames() -> tuple[int, int]:
    """Frames of the import that are analysed, and those that wait."""
    done = waiting = 0
    for session in firestore_client().collection("streams/film/sessions").stream():
        frames = session.reference.collection("frames")
        seen: Any = [one.to_dict() or {} for one in frames.select(["analyses"]).stream()]
        analysed = sum(bool(one.get("analyses")) for one in seen)
        done, waiting = done + analysed, waiting + len(seen) - analysed
    return done, waiting


def _count(collection: Any) -> int:
    [[counted]] = collection.count().get()
    return int(counted.value)


def _row(bench: str, ours: float, other: float, name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": ours, "other": other, "other_name": name, "unit": unit}
