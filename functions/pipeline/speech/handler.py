"""`transcribe`: turns the speech of a finalised segment into words with their media times.

Off unless `config/analysis` or the stream turns it on; the libraries that only transcription needs are loaded with the
first segment to transcribe. The sound is kept for the final transcript (`maintenance.transcripts`). Idempotent: a
segment that has been transcribed is not sent again (each second is billed), and an error stands in place of the words
until a later delivery replaces it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from ..cloud import metrics, objects, tracing
from ..cloud.clients import preload, speech_reads_bucket, who_answers
from ..cloud.events import FINALIZE, ObjectEvent
from ..documents import analysis_config
from ..documents.provider_status import Reporter
from ..documents.quota.spending import spending
from ..documents.spoken import transcriptions, transcripts
from ..domain import names, quotas
from ..domain.errors import Failure, MediaAnalyzerError, NotFound, Poison, Stale
from ..domain.model import Segment, SegmentRef, Transcript
from ..domain.providers import ProviderInfo, ProviderState
from ..domain.settings import Common, largest_segment, load
from ..reports.prices import of_speech
from . import sound_store, words
from .settings import languages, transcription
from .sound_store import RATE

if TYPE_CHECKING:
    from .recognise import Recognised
    from .sound import Samples

log = logging.getLogger(__name__)
_MIB = 1 << 20
_MAX_SEGMENT_SECONDS = 45.0  # and an overlap: Speech-to-Text takes a minute at a time
_GAP = 0.1  # seconds: segments that lie farther apart have nothing in common


def prepare() -> None:
    """Fails at start if a variable is missing or wrong; loads the libraries if all streams are transcribed."""
    load(Common)
    largest_segment()
    quotas.prepare()
    if transcription().enabled:
        preload("firestore", "storage", "speech_v2")


def transcribe(event: ObjectEvent) -> None:
    """Transcribes the segment that `event` is about. Raises Stale, Poison, QuotaExceeded,
    Unavailable, and OverBudget, which needs no other delivery."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    ref = objects.segment_ref(event.name)
    configured = _configured(ref.stream)
    spoken = languages(configured.settings.speech)
    if not spoken or transcripts.done(ref):
        return
    segment = objects.segment(event.name, event.metadata)
    if event.size > largest_segment():
        raise Poison(f"{event.name} has {event.size / _MIB:.0f} MiB, more than SEGMENT_MAX_MIB")
    if segment.duration > _MAX_SEGMENT_SECONDS:
        raise Poison(f"{event.name} is {segment.duration:.0f} s long, more than {_MAX_SEGMENT_SECONDS:.0f}")
    data = objects.read(event.name, event.generation)
    before, lead = _before(segment)
    began = Transcript(segment, words.begins(segment.media_time, lead), model=transcription().model)
    try:
        transcript = _transcribed(began, data, before, lead, spoken, configured.tenant)
        transcripts.write(transcript, tenant=configured.tenant)
    except MediaAnalyzerError as error:
        transcripts.write(replace(began, error=Failure.of(error)), tenant=configured.tenant)
        raise


def _transcribed(
    began: Transcript, data: bytes, before: bytes, lead: float, spoken: Sequence[str], tenant: str
) -> Transcript:
    segment = began.segment
    from .sound import is_silent, sound

    with tracing.span("decode sound"):
        samples = sound(data, segment.duration, before, lead)
    if samples is None or is_silent(samples):
        return began
    if transcription().final and speech_reads_bucket():
        sound_store.store(segment, samples[round(lead * RATE) :])
        transcriptions.begin(segment.ref.stream, segment.ref.session, tenant)
    most = of_speech(ceil(samples.size / RATE))
    with spending.reserved(segment.ref.stream, tenant, frames=0, usd=most) as aside:
        heard = _heard(samples, spoken)
        aside.spend(of_speech(heard.seconds))
    placed = words.placed(heard.words, segment.media_time, lead)
    log.info("%s: %d words of %.1f s", names.segment_object(segment.ref), len(placed), samples.size / RATE)
    return replace(
        began, words=placed, language=heard.language, seconds=heard.seconds, took_ms=heard.took_ms, error=None
    )


def _heard(samples: Samples, spoken: Sequence[str]) -> Recognised:
    """Recognises the words, and reports the outcome in `providers/speech`."""
    from .recognise import recognise

    info = ProviderInfo(transcription().model, who_answers("SPEECH"))
    try:
        with tracing.span("recognise", samples=samples.size):
            heard = recognise(samples, spoken)
    except MediaAnalyzerError as error:
        metrics.count("provider_calls", provider="speech", outcome=type(error).__name__)
        _reporter().tell(info, ProviderState.FAILING, error.public)
        raise
    metrics.count("provider_calls", provider="speech", outcome="ok")
    metrics.measure("provider_seconds", heard.took_ms / 1000, provider="speech")
    _reporter().tell(info, ProviderState.OK, None)
    return heard


@cache
def _reporter() -> Reporter:
    return Reporter("speech")


def _configured(stream: str) -> analysis_config.Configured:
    try:
        return analysis_config.of(stream)
    except NotFound as error:
        raise Stale(str(error)) from None


def _before(segment: Segment) -> tuple[bytes, float]:
    """The segment just before, whose end is sent again, and how much of it (s); empty if it is missing."""
    ref = segment.ref
    if segment.discontinuity or ref.sequence == 0 or transcription().overlap == 0:
        return b"", 0.0
    previous = SegmentRef(ref.stream, ref.session, ref.sequence - 1)
    found = objects.stored_segment(previous, largest_segment())
    if found is None or abs(found.segment.media_time + found.segment.duration - segment.media_time) > _GAP:
        return b"", 0.0
    return found.data, min(transcription().overlap, found.segment.duration)
