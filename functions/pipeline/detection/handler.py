"""`detect`: shows a finalised frame to the providers of its kinds, and merges their results into its document.

Kinds that a provider at an address of its own is to look for first are handed on to `remote`, which is this handler
with instances and a queue of its own: a slow provider holds up no other.

Idempotent: a kind that has been analysed is not asked for again (each call is billed) unless a user requests it, once
per request, and an error stands in place of the result until a later delivery replaces it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..cloud import events, metrics, objects, tracing
from ..cloud.clients import preload
from ..cloud.events import FINALIZE, ObjectEvent
from ..documents import analysis_config, frames
from ..documents.quota.spending import Aside, spending
from ..domain import names, quotas
from ..domain.batch import shares
from ..domain.errors import BadRequest, Failure, MediaAnalyzerError, NotFound, OverBudget, Poison, Stale, Unavailable
from ..domain.model import BOXED, Analysis, AnalysisSettings, Brand, FrameRef, Kind
from ..domain.settings import Common, load
from ..reports.prices import of_frame
from .base import DetectRequest, Image
from .pace import pace
from .provider_choice import Choice, Unserved, choose, dearest, preferred, remote, serving
from .selection import select
from .settings import detection
from .words import words_of

log = logging.getLogger(__name__)


def prepare() -> None:
    """Fails at start if a variable is missing or names an unknown provider; loads the preferred one."""
    load(Common)
    quotas.prepare()
    shares()
    serving(preferred())
    preload("firestore")


def detect(event: ObjectEvent) -> None:
    """Analyses the frame that `event` is about. Raises Poison, Stale, QuotaExceeded, Unavailable."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    requested = _requested(event)
    try:
        ref = names.parse_frame(event.name)
        configured = _configured(ref.stream, event)
    except BadRequest as error:
        raise Poison(str(error)) from None
    except NotFound:
        raise Stale(f"the stream of {event.name} has been deleted") from None
    image = Image(event.bucket, event.name, event.generation, *objects.frame_size(event.name, event.metadata))
    kinds = configured.settings.kinds or tuple(Kind(kind) for kind in detection().kinds)
    looked = frames.looked(ref, requested.request)
    missing = [kind for kind in requested.kinds or kinds if kind not in looked.kinds]
    elsewhere = _handed_on(event, missing, configured.settings)
    if here := [kind for kind in missing if kind not in elsewhere]:
        wanted = tuple(dict.fromkeys((*kinds, *requested.kinds)))
        frame = _Frame(ref, image, configured, wanted, requested.request, event.finalized_at, looked.paid_at)
        try:
            frame.analyse(here)
        except Stale:
            raise
        except MediaAnalyzerError:
            if not elsewhere:
                _announce(ref, kinds, requested)  # what the other providers have found can be followed
            raise
    if not elsewhere:  # else `remote` announces it: boxes are followed once all kinds are analysed
        _announce(ref, kinds, requested)


def _handed_on(event: ObjectEvent, missing: Sequence[Kind], settings: AnalysisSettings) -> tuple[Kind, ...]:
    """Hands the kinds on that a provider at an address of its own is to look for first, and returns them.

    One event decides for all kinds of a frame, so that none is forgotten while the configuration changes.
    """
    elsewhere = remote(missing, settings) if detection().remote_topic else ()
    if elsewhere:
        metadata = {**event.metadata, objects.KINDS: ",".join(elsewhere), **tracing.carried()}
        events.announce(detection().remote_topic, replace(event, metadata=metadata))
    return elsewhere


def _announce(ref: FrameRef, kinds: Sequence[Kind], requested: _Request) -> None:
    """Stores that a frame has results, which is an event: its boxes are followed to the frames beside it."""
    if not BOXED.isdisjoint(kinds):
        again = requested.request is not None
        with tracing.span("store results", frame=ref.media_ms):
            objects.write_results(ref, {"kinds": [kind.value for kind in kinds]}, tracing.carried(), batch=again)


def _configured(stream: str, event: ObjectEvent) -> analysis_config.Configured:
    """The settings of the stream, read at once if `sample` has noticed a change before this process."""
    configured = analysis_config.of(stream)
    if event.metadata.get(objects.REVISION, configured.revision) != configured.revision:
        analysis_config.refresh()
        configured = analysis_config.of(stream)
    return configured


@dataclass(frozen=True, slots=True)
class _Request:
    """A request to look again (sessions.reanalysis); None and () for the frame's first event."""

    request: str | None
    kinds: tuple[Kind, ...]


def _requested(event: ObjectEvent) -> _Request:
    kinds = event.metadata.get(objects.KINDS, "")
    try:
        return _Request(event.metadata.get(objects.REQUEST), tuple(Kind(kind) for kind in kinds.split(",") if kind))
    except ValueError as error:
        raise Poison(f"{event.name} asks for an unknown kind of detection: {error}") from None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame that lacks results. `wanted`: all kinds that its document is to have; `paid_at`: when a provider was last
    paid for it."""

    ref: FrameRef
    image: Image
    configured: analysis_config.Configured
    wanted: tuple[Kind, ...]
    request: str | None
    stored: datetime
    paid_at: datetime | None

    def analyse(self, missing: Sequence[Kind]) -> None:
        """Each provider writes when it is done: the fast ones do not wait for the slow. Raises the first failure.

        Over the day's budget only providers look that are not paid by the call.
        """
        most, tenant = dearest(missing, self.configured.settings), self.configured.tenant
        with ExitStack() as stack:
            over: OverBudget | None = None
            aside = Aside()
            if most:
                try:
                    aside = stack.enter_context(spending.reserved(self.ref.stream, tenant, frames=1, usd=most))
                except OverBudget as error:
                    over = error
            self._analyse(missing, aside, over)

    def _analyse(self, missing: Sequence[Kind], aside: Aside, over: OverBudget | None) -> None:
        choices, unserved = choose(missing, self.configured.settings, over)
        brands = analysis_config.brands(self.configured) if Kind.LOGO in missing else ()
        self._write([_refused(one) for one in unserved])
        errors = self._look(choices, brands, aside)
        if resting := [one for one in unserved if one.later]:
            errors.append(Unavailable("; ".join(one.failure.message for one in resting)))
        if errors:
            raise errors[0]

    def _look(self, choices: Sequence[Choice], brands: Sequence[Brand], aside: Aside) -> list[MediaAnalyzerError]:
        if len(choices) < 2:
            answers = [self._ask(choice, brands, aside) for choice in choices]
        else:
            with ThreadPoolExecutor(len(choices)) as pool:
                waiting = [pool.submit(tracing.bound(self._ask), choice, brands, aside) for choice in choices]
                answers = [one.result() for one in waiting]
        return [error for error in answers if error is not None]

    def _ask(self, choice: Choice, brands: Sequence[Brand], aside: Aside) -> MediaAnalyzerError | None:
        """Shows the frame to one provider and writes its result. Returns the error that Pub/Sub has to know."""
        settings, served = self.configured.settings, choice.serving
        thresholds = {kind: settings.threshold.get(kind, detection().threshold) for kind in choice.kinds}
        try:
            if of_frame(served.name, choice.kinds):
                pace().turn()
            began = time.monotonic()
            with tracing.span("look", provider=served.name, kinds=",".join(choice.kinds)), served.watched():
                request = DetectRequest(choice.kinds, brands, min(thresholds.values()), words_of(settings))
                seen = served.detector.detect(self.image, request)
        except Stale as error:
            return error  # there is no document left to write to
        except MediaAnalyzerError as error:
            metrics.count("provider_calls", provider=served.name, outcome=type(error).__name__)
            model = served.detector.info.model
            failed = [Analysis(kind, served.name, model, 0, error=Failure.of(error)) for kind in choice.kinds]
            self._write([replace(one, fallback_from=choice.fallback_from) for one in failed])
            return error
        took = time.monotonic() - began
        kept = [select(served.counted(one), thresholds[one.kind], brands, settings.brands) for one in seen]
        paid = of_frame(served.name, choice.kinds)
        aside.spend(paid)
        decided = {"fallback_from": choice.fallback_from, "revision": self.configured.revision}
        self._write([replace(one, **decided, threshold=thresholds[one.kind]) for one in kept], paid)
        metrics.count("provider_calls", provider=served.name, outcome="ok")
        metrics.measure("provider_seconds", took, provider=served.name)
        metrics.measure("result_age", (datetime.now(UTC) - self.stored).total_seconds(), provider=served.name)
        log.info("%s: %s by %s", self.image.name, ", ".join(f"{len(a.detections)} {a.kind}" for a in kept), served.name)
        return None

    def _write(self, analyses: Sequence[Analysis], usd: float = 0.0) -> None:
        if analyses:
            with tracing.span("write results"):
                tenant = self.configured.tenant
                frames.write_analyses(
                    self.ref, self.wanted, analyses, self.request, tenant=tenant, usd=usd, paid_at=self.paid_at
                )


def _refused(one: Unserved) -> Analysis:
    return Analysis(one.kind, one.provider, "", 0, error=one.failure)
