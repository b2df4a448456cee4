"""Cost of a session: its usage, turned into the items that Google bills, and priced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.analysis import NOTICED_SECONDS
from .prices import Prices
from .usage import Usage

FIXED = 1.0
"""Frames a second that a sampler without a gate would analyse."""

# Operations of the pipeline for each segment and frame, as tests/contract/functions/analysis/test_billed.py counts
# them; docs/costs.md names the part that does each.
INGEST_WRITES = 2  # a segment: the stream and the session
SAMPLE_WRITES = 2  # a segment: its document and its minute's
SAMPLE_READS = 7  # a segment: the stream, the segment, the four before, whether the last frame has boxes
FRAME_WRITES = 1  # sample: the frame
PROVIDER_WRITES = 1  # detect, for each provider of a frame: the frame
KIND_WRITES = 1  # detect, for each kind of a frame: its minute's document
FRAME_READS = 1  # detect: the kinds that are done
SETTINGS_READS = 2  # sample, detect, transcribe, once in NOTICED_SECONDS each: the last change of a brand, the stream
SETTINGS_OBJECTS = 1  # and the configuration, an object
TRACK_WRITES = 1  # track, for a frame: the frame before it
TRACK_KIND_WRITES = 1  # track, for each kind of that frame: its minute's document
TRACK_READS = 12  # track, for a frame, before it follows and after: that, five before it; mostly one segment in between
SPEECH_READS = SPEECH_WRITES = 1  # transcribe, for a segment that it listens to
_LEASE = 5.0  # seconds after which ingest renews its lease: a request of front, which writes it
_REPORT = 15.0  # seconds after which the status of a provider is written again
_NOTIFICATION = 2048 / 2**40  # TiB: a storage notification with its attributes
_SAMPLING = 0.5  # seconds of `sample` for a segment
_FOLLOWING = 0.4  # seconds of `track` for a frame
_PASSING = 0.1  # seconds of `transcribe` for a segment without transcription: the least that is billed
_LISTENING = 0.2  # seconds of `transcribe` for a segment that it decodes, besides the call


@dataclass(frozen=True, slots=True)
class Machine:
    """The size of one instance, as infra/ declares it; memory in GiB."""

    cpus: float
    memory: float


INGEST, SAMPLE, DETECT, TRACK = Machine(1, 1), Machine(1, 2), Machine(1, 2), Machine(1, 1)
TRANSCRIBE, CLIP = Machine(1, 1), Machine(4, 16)


def quantities(usage: Usage) -> dict[str, float]:
    """Units of each item of the price list. An answer of a provider that the list does not name costs its time only."""
    found = {
        f"vision.{kind}": counts.answered for (provider, kind), counts in usage.calls.items() if provider == "vision"
    }
    # Cloud Vision gives safe search with labels.
    found["vision.safe_search"] = max(0.0, found.get("vision.safe_search", 0) - found.get("vision.label", 0))
    speech = usage.speech
    passed = max(0.0, usage.segments - speech.segments)
    busy = [
        (INGEST, usage.media_seconds),
        (SAMPLE, usage.segments * _SAMPLING),
        (DETECT, sum(usage.busy_ms.values()) / 1000),
        (TRACK, usage.frames * _FOLLOWING),
        (TRANSCRIBE, passed * _PASSING + speech.segments * _LISTENING + speech.took_ms / 1000),
    ]
    up = usage.gpu_seconds
    return found | {
        "speech.standard": speech.seconds,
        "run.cpu": sum(machine.cpus * seconds for machine, seconds in busy),
        "run.memory": sum(machine.memory * seconds for machine, seconds in busy),
        "run.requests": 2 * usage.segments + 2 * usage.frames + 1 + usage.media_seconds / _LEASE,
        "gpu.l4": up,
        "gpu.cpu": CLIP.cpus * up,
        "gpu.memory": CLIP.memory * up,
        "storage.class_a": 2 * usage.segments + 2 * usage.frames + 1,  # segments, the playlist after each; vod; results
        # track reads the picture before a frame, and a segment or two with their metadata
        # transcribe reads a segment, and asks for the one before and reads that
        "storage.class_b": usage.segments
        + sum(usage.images.values())
        + 4 * usage.frames
        + 3 * speech.segments
        + _asking(usage) * SETTINGS_OBJECTS,
        "pubsub.throughput": (3 * usage.segments + 4 * usage.frames) * _NOTIFICATION,  # a segment is delivered twice
        "firestore.writes": _writes(usage),
        "firestore.reads": _reads(usage),
    }


def _writes(usage: Usage) -> float:
    reporting = len(usage.images) + bool(usage.speech.segments)
    return (
        usage.segments * (INGEST_WRITES + SAMPLE_WRITES)
        + usage.frames * (FRAME_WRITES + TRACK_WRITES)
        + sum(usage.images.values()) * PROVIDER_WRITES
        + sum(counts.answered + counts.failed for counts in usage.calls.values()) * (KIND_WRITES + TRACK_KIND_WRITES)
        + usage.speech.segments * SPEECH_WRITES
        + usage.media_seconds * (1 / _LEASE + reporting / _REPORT)
    )


def _asking(usage: Usage) -> float:
    """How often the settings are read."""
    most = usage.media_seconds / NOTICED_SECONDS
    return 2 * min(usage.segments, most) + min(usage.frames, most)


def _reads(usage: Usage) -> float:
    return (
        usage.segments * SAMPLE_READS
        + usage.frames * (FRAME_READS + TRACK_READS)
        + usage.speech.segments * SPEECH_READS
        + _asking(usage) * SETTINGS_READS
    )


def bill(usage: Usage, prices: Prices) -> dict[str, Any]:
    """Lines and their sum: {"usd", "lines": [{"item", "quantity", "unit", "usd"}]}, the dearest first."""
    used = {name: quantity for name, quantity in quantities(usage).items() if quantity}
    priced = {name: round(float(prices.items[name].cost(quantity)), 6) for name, quantity in used.items()}
    lines = [
        {"item": name, "quantity": round(used[name], 9), "unit": prices.items[name].unit, "usd": priced[name]}
        for name in sorted(used, key=lambda name: (-priced[name], name))
    ]
    return {"usd": round(sum(priced.values()), 6), "lines": lines}


def cost(usage: Usage, prices: Prices) -> dict[str, Any]:
    """The bill and its usage, and beside it the bill of FIXED frames a second."""
    gated, fixed = bill(usage, prices), bill(usage.at_rate(FIXED), prices)
    hours = usage.media_seconds / 3600
    return {
        "currency": prices.currency,
        "as_of": prices.as_of.isoformat(),
        "region": prices.region,
        "usage": _used(usage),
        **gated,
        "usd_per_hour": round(gated["usd"] / hours, 4) if hours else None,
        "fixed": {
            "frames_per_second": FIXED,
            "frames": usage.at_rate(FIXED).frames,
            "usd_per_hour": round(fixed["usd"] / hours, 4) if hours else None,
            **fixed,
        },
    }


def _used(usage: Usage) -> Mapping[str, Any]:
    return {
        "media_seconds": usage.media_seconds,
        "segments": usage.segments,
        "frames": usage.frames,
        "calls": [
            {"provider": provider, "kind": kind, "calls": counts.answered, "failed": counts.failed}
            for (provider, kind), counts in sorted(usage.calls.items())
        ],
        "busy_seconds": {name: round(time / 1000, 3) for name, time in sorted(usage.busy_ms.items())},
        "gpu_seconds": round(usage.gpu_seconds, 3),
        "speech_seconds": usage.speech.seconds,
    }
