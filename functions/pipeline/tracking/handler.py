"""`track`: follows what a frame and its neighbours show through the pictures between them.

Idempotent: what it writes follows from the two frames and from the segments between them, and replaces what was there.
Whichever of two neighbouring frames is analysed last causes the stretch between them to be followed. What both of them
have missed comes in from the frame before, or the one after: it causes the stretch to be followed again.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock

import cv2
import numpy as np

from ..cloud import metrics, objects, tracing
from ..cloud.clients import preload
from ..cloud.events import FINALIZE, ObjectEvent
from ..documents import tracks as documents
from ..documents.tracks import Look
from ..domain import names
from ..domain.errors import BadRequest, Poison
from ..domain.model import FrameRef, Kind, SegmentRef
from ..domain.settings import Common, largest_segment, load
from ..media.decode import brightened, luma, pictures
from .follow import Shot
from .neighbours import Neighbours, concerned
from .patches import Plane
from .settings import tracking
from .stretch import Aside, Beyond, tracks

log = logging.getLogger(__name__)
_SIDE = 640  # pixels of a plane: a mark of 40 pixels in 720p has 20
_KEPT_BYTES = 192 << 20  # of planes: some sixteen segments of 2 s, and at least the last one
_TURN = Lock()  # of two frames beside each other, one follows the stretch between them, and the other finds it done


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    largest_segment()
    tracking()
    cv2.setNumThreads(1)  # other stretches use the other cores
    preload("storage", "firestore")


def track(event: ObjectEvent) -> None:
    """Follows the stretches on both sides of the frame that `event` is about. Raises Poison, Stale."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    try:
        ref = names.parse_results(event.name)
    except BadRequest as error:
        raise Poison(str(error)) from None
    with _TURN:
        written = 1
        while written:
            due = [one for one in concerned(documents.around(ref)) if one.due]
            written = sum(_follow(one, event.finalized_at) for one in due)
            # Again: meanwhile a frame beside it may have been analysed, and another instance have written before this.


def _follow(stretch: Neighbours, since: datetime) -> bool:
    """Whether there was anything to follow them through."""
    first, last, kinds = stretch.first, stretch.last, stretch.kinds
    with tracing.span("read and decode", frame=first.ref.media_ms):
        shots = _shots(first, last)
        aside = _aside(stretch.earlier[-1:]) if shots else None
        beyond = list(_beyond(stretch, kinds)) if shots else []
    if not shots:
        return False
    with tracing.span("follow", frame=first.ref.media_ms):
        found = tracks(
            shots, first.detections, last.detections, kinds, before=aside, beyond=beyond, step=tracking().step
        )
    with tracing.span("write tracks", frame=first.ref.media_ms):
        documents.write(first, last, stretch.of, kinds, found)
    metrics.measure("track_age", (datetime.now(UTC) - since).total_seconds())
    log.info("%s: followed %d to %d ms", names.frame_path(first.ref), len(found), last.ref.media_ms)
    return True


def _beyond(stretch: Neighbours, kinds: Sequence[Kind]) -> Iterator[Beyond]:
    for far in stretch.beyond:
        wanted = [thing for thing in far.things if thing.kind in kinds]
        shots = _shots(*sorted((far.look, far.near), key=lambda look: look.ref.media_ms)) if wanted else []
        if shots and far.look is not stretch.after:
            yield Beyond(shots, wanted, _aside(stretch.earlier[:-1]))
        elif shots:
            yield Beyond(shots[::-1], wanted)


def _shots(first: Look, last: Look) -> list[Shot]:
    """The planes from one look to the next, the looks' own at both ends; empty where they are not to be had.

    Segments at rest are not decoded: the plane before them is there once more where they end.
    """
    motions = documents.inheriting(first.ref, range(first.segment + 1, last.segment))
    if motions is None:
        return []
    numbers = range(first.segment, last.segment + 1)
    over = len(numbers) - tracking().segments
    calmest = sorted(motions, key=motions.__getitem__)
    rest = {number for rank, number in enumerate(calmest) if motions[number] == 0 or rank < over}
    moving = [number for number in numbers if number not in rest]
    shots: list[Shot] = []
    for number in moving:
        decoded = list(_of_segment(number, first.ref, last.ref))
        if shots and decoded and number - 1 in rest and decoded[0].ms > shots[-1].ms + 1:
            shots.append(Shot(decoded[0].ms - 1, shots[-1].plane))
        shots += decoded
    if not shots or (shots[0].ms, shots[-1].ms) != (first.ref.media_ms, last.ref.media_ms):
        return []
    return shots if len(shots) > 1 else []


def _of_segment(sequence: int, first: FrameRef, last: FrameRef) -> Iterator[Shot]:
    """The planes of a segment between two looks, theirs included."""
    for shot in _PLANES.of(SegmentRef(first.stream, first.session, sequence)):
        if first.media_ms <= shot.ms <= last.media_ms:
            yield shot


class _Planes:
    """The planes of the segments that were decoded last: neighbouring stretches share them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[SegmentRef, tuple[Shot, ...]] = OrderedDict()
        self._decoding = Lock()

    def of(self, ref: SegmentRef) -> tuple[Shot, ...]:
        """The planes of a segment; none if it is missing. One segment is decoded at a time."""
        with self._decoding:
            if ref not in self._kept:
                stored = objects.stored_segment(ref, largest_segment())
                if stored is None:
                    return ()
                self._kept[ref] = tuple(_decoded(stored))
                while len(self._kept) > 1 and self._bytes() > _KEPT_BYTES:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(ref)
            return self._kept[ref]

    def _bytes(self) -> int:
        return sum(shot.plane.nbytes for shots in self._kept.values() for shot in shots)


_PLANES = _Planes()


def _decoded(stored: objects.StoredSegment) -> Iterator[Shot]:
    for one in pictures(stored.data):
        plane = brightened(_plane(luma(one.frame)), one.frame)  # frames, as they are stored, have all levels
        yield Shot(round((stored.segment.media_time + one.offset) * 1000), plane)


def _plane(whole: Plane) -> Plane:
    """A copy, no larger than boxes need it."""
    height, width = whole.shape
    scale = min(1.0, _SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)


def _aside(looks: Sequence[Look]) -> Aside | None:
    """A look outside of the stretch, from its own picture."""
    for look in looks:
        data = objects.frame(look.ref) if look.detections else None
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2) if data else None
        if picture is not None:
            return Aside(_plane(np.asarray(picture, np.uint8)), look.detections)
    return None
