"""What a segment's transcript costs here, and what hearing it in pieces costs in words."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
import numpy as np
import psutil
from google.cloud import speech_v2
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcTransport

from pipeline.domain.model import Segment, SegmentRef, Transcript, Word
from pipeline.speech.sound import sound
from pipeline.speech.words import Heard, begins, placed
from tests.bench.helpers.sized import sized
from tests.contract.speech.conftest import start
from tests.contract.speech.hearing import heard, words
from tests.unit.speech.read_aloud import Compared, Reading, compared, joined, reading
from tests.unit.speech.spoken import beeps, clip, segments

SECONDS, LEAD = 2.0, 1.0
RUNS, SENTENCES = sized((15, 5), (1, 1))
WHOLE = "heard as a whole"


def rows() -> Iterator[dict[str, object]]:
    """The recogniser as a process, through Google's client; five sentences that a person reads aloud, 24.7 s."""
    said, emulator = reading(SENTENCES), start()
    try:
        with grpc.insecure_channel(emulator.address) as channel:
            client = speech_v2.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
            began = time.perf_counter()
            heard(client, said.part(0, 0.2))
            yield _row(
                "speech emulator: its first call, which loads the model", time.perf_counter() - began, "", "", "s"
            )
            pieces, share = _pieces(client, said, LEAD)
            alone, _ = _pieces(client, said, 0.0)
            whole = compared(words(heard(client, said.part(0, said.seconds))), said.words)
        memory = psutil.Process(emulator.process.pid).memory_info().rss / 1e6
    finally:
        emulator.process.terminate()
        emulator.process.wait(60)
    yield _row("speech emulator: seconds for a second of a stream", share, 1.0, "real time", "s")
    yield _row("speech emulator: memory", memory, "", "", "MB")
    yield _row("words that are right, 2 s and the second before", pieces.right, whole.right, WHOLE, "of all")
    yield _row("words that are right, 2 s alone", alone.right, whole.right, WHOLE, "of all")
    yield _row("words' times, 95th percentile of error", _late(pieces), _late(whole), WHOLE, "s")
    yield _row("transcribe: sound of 2 s and the second before", _decoding(), "", "", "ms")


def _pieces(client: speech_v2.SpeechClient, said: Reading, lead: float) -> tuple[Compared, float]:
    """As `transcribe` hears it, and the seconds that a second of it took."""
    transcripts: list[Transcript] = []
    began = time.perf_counter()
    for sequence, at in enumerate(np.arange(0.0, said.seconds, SECONDS).tolist()):
        before = lead if sequence else 0.0
        found = words(heard(client, said.part(at - before, at + SECONDS)))
        segment = Segment(SegmentRef("s", "t", sequence), at, SECONDS, datetime.now(UTC))
        transcripts.append(Transcript(segment, begins(at, before), placed(_heard(found), at, before)))
    return compared(joined(transcripts), said.words), (time.perf_counter() - began) / said.seconds


def _heard(found: Sequence[Word]) -> list[Heard]:
    return [Heard(one.text, one.start, one.end) for one in found]


def _late(found: Compared) -> float:
    return float(np.percentile(found.errors, 95))


def _decoding() -> float:
    with TemporaryDirectory() as folder:
        (_, before), (_, data) = segments(clip(Path(folder) / "clip.ts", beeps(4, 0.5, 2.5)))
    took: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        sound(data, SECONDS, before, LEAD)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _row(bench: str, ours: float, other: float | str, other_name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": round(ours, 3), "other": other, "other_name": other_name, "unit": unit}
