"""One clip, from the claim of its document to its final state there."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.api_core.exceptions import NotFound as GoogleNotFound
from requests import RequestException

from pipeline.cloud import metrics
from pipeline.cloud.clients import media_bucket
from pipeline.documents import clips, sessions
from pipeline.domain import names
from pipeline.domain.clips import Asked, Chapter, ClipState, Cut
from pipeline.domain.errors import Failure, MediaAnalyzerError, NotFound, Unavailable
from pipeline.domain.settings import load

from .boxes import boxes
from .copy import Copier, NeedsEncodingError
from .encode import Encoder
from .output import Output
from .parts import Part, parts
from .settings import Cutter
from .still import still
from .stored import Piece, pieces
from .waiting import LATEST, until_there

log = logging.getLogger(__name__)

_NOTED_SECONDS = 2.0  # between two notes of progress
_TIMEOUT = 60  # seconds of one request
_TYPES = {"mp4": "video/mp4", "jpg": "image/jpeg"}
_FOR_EVER = "private, max-age=31536000, immutable"


class Cutting:
    """The making of one clip. `stop`, from any thread, breaks it off."""

    def __init__(self, stream: str, clip: str) -> None:
        self._stream, self._clip = stream, clip
        self._settings = load(Cutter)
        self._stopping = threading.Event()
        self._noted = 0.0

    def run(self) -> bool:
        """Whether the clip ended, in success or error; False if it broke off and another attempt may make it."""
        try:
            found = clips.claim(self._stream, self._clip, os.environ.get("CLOUD_RUN_EXECUTION", ""))
            if found is None:
                log.info("clip %s is done, or another execution has it", self._clip)
                return True
            self._make(found.asked)
        except Unavailable as error:
            log.warning("clip %s: broke off: %s", self._clip, error)
            return False
        except MediaAnalyzerError as error:
            return self._fail(error)
        metrics.count("clips_ended", state=ClipState.DONE.value)
        return True

    def stop(self) -> None:
        """Ends it early, and leaves it to another attempt."""
        self._stopping.set()

    def _make(self, asked: Asked) -> None:
        end = LATEST if asked.end is None and asked.at is None else (asked.end or asked.at or 0.0) + asked.after
        until_there(asked, end, self._wait, self._settings.wait)
        wanted = parts(asked)
        stored = [piece for piece in pieces(asked.stream, asked.session) if _needed(piece, wanted)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"clip.{asked.ending}"
            chapters = self._cut(asked, wanted, stored, path)
            self._store(asked, path, chapters)

    def _cut(self, asked: Asked, wanted: list[Part], stored: list[Piece], path: Path) -> list[Chapter]:
        seconds = sum(part.end - part.start for part in wanted)

        def within(part: Part) -> Iterator[Piece]:
            for piece in stored:
                if self._stopping.is_set():
                    raise Unavailable("it was asked to stop")
                if _overlap(piece, part):
                    yield piece

        if asked.at is not None:
            places = boxes(asked, wanted[0]) if asked.boxes else None
            return still(asked.at, within(wanted[0]), places, path)

        def progress(done: float) -> None:
            self._progress(done / max(seconds, 1.0))

        def encode() -> list[Chapter]:
            session = sessions.get(asked.stream, asked.session)
            rate, codecs = float(session.get("fps") or 25), session.get("codecs") or ""
            output = Output(path, self._settings.largest)
            places = partial(boxes, asked) if asked.boxes else None
            chapters = Encoder(output, progress, places, rate=rate, sound="mp4a" in codecs).run(wanted, within)
            output.close(chapters)
            return chapters

        if asked.boxes or asked.cut is Cut.EXACT:
            return encode()
        output = Output(path, self._settings.largest)
        try:
            chapters = Copier(output, progress).run(wanted, within)
        except NeedsEncodingError:
            log.info("clip %s: its parts have several formats, and are encoded", self._clip)
            return encode()
        output.close(chapters)
        return chapters

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Unavailable("it was asked to stop")

    def _progress(self, share: float) -> None:
        if time.monotonic() - self._noted < _NOTED_SECONDS:
            return
        self._noted = time.monotonic()
        try:
            clips.change(self._stream, self._clip, share=round(min(share, 0.99), 3))
        except (GoogleAPICallError, RetryError) as error:  # the next note says it again
            log.warning("clip %s: its progress was not noted: %s", self._clip, error)

    def _store(self, asked: Asked, path: Path, chapters: list[Chapter]) -> None:
        name = names.clip_object(asked.stream, asked.session, self._clip, asked.ending)
        blob = media_bucket().blob(name)
        blob.cache_control = _FOR_EVER
        blob.content_disposition = f'attachment; filename="{_file_name(asked, chapters)}"'
        try:
            blob.upload_from_filename(str(path), content_type=_TYPES[asked.ending], timeout=_TIMEOUT)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"the clip could not be stored: {error}") from error
        try:
            clips.change(
                self._stream,
                self._clip,
                state=ClipState.DONE.value,
                share=1.0,
                object=name,
                size=path.stat().st_size,
                duration=round(chapters[-1].end, 3),
                chapters=[chapter.fields() for chapter in chapters],
                error=None,
            )
        except NotFound:
            with suppress(GoogleNotFound):
                blob.delete(timeout=_TIMEOUT)
            raise

    def _fail(self, error: MediaAnalyzerError) -> bool:
        log.warning("clip %s: %s", self._clip, error)
        try:
            clips.change(self._stream, self._clip, state=ClipState.ERROR.value, error=Failure.of(error).fields())
        except NotFound:
            log.info("clip %s was deleted", self._clip)
        metrics.count("clips_ended", state=ClipState.ERROR.value)
        return True


def _needed(piece: Piece, wanted: list[Part]) -> bool:
    return any(_overlap(piece, part) for part in wanted)


def _overlap(piece: Piece, part: Part) -> bool:
    return piece.end > part.start and (
        piece.segment.media_time < part.end or piece.segment.media_time <= part.start == part.end
    )


def _file_name(asked: Asked, chapters: list[Chapter]) -> str:
    return f"{asked.stream}-{asked.session}-{chapters[0].media_time:.1f}s.{asked.ending}"
