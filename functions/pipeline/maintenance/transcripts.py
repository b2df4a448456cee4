"""Makes final transcripts: the sound of a session is heard once more, whole sentences at a time.

A session's sound is joined to recordings of an hour at most, each as soon as it is complete, and Speech-to-Text hears
them in batches. Its words take the place of those that `transcribe` has heard live. What fails for good leaves these.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import analysis_config, sessions
from ..documents.quota.spending import spending
from ..documents.spoken import transcriptions, transcripts
from ..documents.spoken.transcriptions import Part, Transcription
from ..domain.errors import Disposition, MediaAnalyzerError, NotFound, OverBudget
from ..domain.model import SegmentRef
from ..reports.prices import of_speech
from ..speech import recording, sound_store
from ..speech.settings import languages, transcription
from ..speech.sound_store import Piece

log = logging.getLogger(__name__)
_SOON = timedelta(seconds=50)  # less than the minute in which maintenance comes round
_CLAIMED = timedelta(minutes=6)  # longer than a run of maintenance lasts: joining an hour of sound takes seconds
_LIVE = timedelta(minutes=10)  # between two looks at a session that goes on
_LATE = timedelta(minutes=10)  # after the newest sound of a session that has ended: the rest will never come
_POOR = timedelta(hours=1)  # between two tries where the day's money is used up
_ATTEMPTS = 3
_SEGMENTS = 60  # of the newest that a part leaves out while a session goes on: some may not be transcribed yet
_DELETED = 2000  # objects in one go


def sweep(now: datetime) -> int:
    """Moves each final transcript on by a step. Returns how many recordings it started or wrote. Idempotent."""
    done = 0
    for one in transcriptions.due(now):
        if not transcriptions.claim(one, now + _CLAIMED):
            continue
        try:
            done += _move(one, now)
        except (MediaAnalyzerError, GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("not transcribed yet: %s", error, extra={"labels": _labels(one)})
            transcriptions.postpone(one, now + _SOON)
    return done


def _move(one: Transcription, now: datetime) -> int:
    try:
        session = sessions.get(one.stream, one.session)
    except NotFound:
        _forget(one, now)
        return 0
    cut, complete = _cut(one, session, now)
    if not cut and not complete:
        transcriptions.postpone(one, now + _wait(session, now))
        return 0
    heard, done, due = list[Part](), 0, now + _SOON
    for part in cut:
        try:
            moved = _moved(one, part)
        except (MediaAnalyzerError, GoogleAPICallError, RetryError) as error:  # the other parts' steps are kept
            log.warning("no final transcript yet: %s", error, extra={"labels": _labels(one)})
            moved, due = part, now + (_POOR if isinstance(error, OverBudget) else _SOON)
        done += moved != part
        heard.append(moved)
    if complete and all(part.done for part in heard):
        _forget(one, now)
    else:
        transcriptions.change(one, heard, due)
    return done


def _cut(one: Transcription, session: Mapping[str, Any], now: datetime) -> tuple[Sequence[Part], bool]:
    """The recordings that are complete, those of before included, and whether no other will follow."""
    from ..speech.batch import LONGEST

    since = one.parts[-1].last + 1 if one.parts else 0
    pieces = sound_store.pieces(one.stream, one.session, since)
    ended = _is_whole(one, session, pieces, now)
    if not ended:
        pieces = [piece for piece in pieces if piece.sequence <= pieces[-1].sequence - _SEGMENTS]
    parts = recording.parts(pieces, LONGEST)
    fresh = [_part(part) for part in (parts if ended else parts[:-1])]
    return [*one.parts, *fresh], ended


def _is_whole(one: Transcription, session: Mapping[str, Any], pieces: Sequence[Piece], now: datetime) -> bool:
    """Whether all sound of a session is kept that ever will be."""
    if not session.get("ended"):
        return False
    newest = max((piece.kept for piece in pieces), default=now)
    return now > newest + _LATE or transcripts.count(one.stream, one.session) >= int(session.get("segments") or 0)


def _wait(session: Mapping[str, Any], now: datetime) -> timedelta:
    return _SOON if session.get("ended") else _LIVE


def _part(pieces: Sequence[Piece]) -> Part:
    return Part(pieces[0].sequence, pieces[-1].sequence, sum(piece.seconds for piece in pieces))


def _moved(one: Transcription, part: Part) -> Part:
    """A part after its next step. Raises OverBudget, and what leaves it as it is."""
    if part.done:
        return part
    if not part.operation:
        return _started(one, part)
    from ..speech import batch

    found = batch.outcome(part.operation, part.seconds)
    if found is None:
        return part
    if isinstance(found, MediaAnalyzerError):
        return _failed(one, part, found)
    where = recording.runs(_pieces(one, part))
    begins = transcripts.begins(one.stream, one.session, part.first, part.last)
    if begins:
        words = recording.by_segment(recording.placed(found.words, where), begins)
        billed = found.seconds or part.seconds
        model = transcription().final_model
        transcripts.replace(one.stream, one.session, words, language=found.language, model=model, seconds=billed)
    metrics.count("provider_calls", provider="speech", outcome="ok")
    log.info("final transcript: %d words of %.0f s", len(found.words), part.seconds, extra={"labels": _labels(one)})
    return replace(part, done=True)


def _started(one: Transcription, part: Part) -> Part:
    """A part that is being heard; done where its stream is transcribed no more."""
    from ..speech import batch

    spoken = languages(analysis_config.of(one.stream).settings.speech)
    pieces = _pieces(one, part)
    if not spoken or not pieces:
        return replace(part, done=True)
    address = sound_store.join(pieces, SegmentRef(one.stream, one.session, part.first))
    usd = of_speech(part.seconds)
    with spending.reserved(one.stream, one.tenant, frames=0, usd=usd) as aside:
        try:
            operation = batch.start(address, spoken)
        except MediaAnalyzerError as error:
            return _failed(one, part, error)
        aside.spend(usd)
    return replace(part, operation=operation)


def _failed(one: Transcription, part: Part, error: MediaAnalyzerError) -> Part:
    """A part whose hearing failed: tried again unless it never can succeed."""
    failures = part.failures + 1
    final = error.disposition is Disposition.DEAD_LETTER or failures >= _ATTEMPTS
    metrics.count("provider_calls", provider="speech", outcome=type(error).__name__)
    log.warning("no final transcript: %s", error, extra={"labels": _labels(one)})
    return replace(part, operation="", failures=failures, done=final)


def _pieces(one: Transcription, part: Part) -> list[Piece]:
    found = sound_store.pieces(one.stream, one.session, part.first)
    return [piece for piece in found if piece.sequence <= part.last]


def _forget(one: Transcription, now: datetime) -> None:
    """Deletes the sound, and then the note of it."""
    if sound_store.remove(one.stream, one.session, _DELETED):
        transcriptions.end(one)
    else:
        transcriptions.postpone(one, now)


def _labels(one: Transcription) -> dict[str, str]:
    return {"stream": one.stream, "session": one.session}
