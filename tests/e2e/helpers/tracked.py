"""Follows an analysed stream until its tracks are written."""

from __future__ import annotations

from tests.wait import until

from pipeline.cloud.clients import firestore_client
from pipeline.documents import tracks as documents
from pipeline.domain import names
from pipeline.domain.model import FrameRef
from pipeline.tracking.neighbours import concerned

_SECONDS = 240.0  # until something is taken not to happen


def tracked(stream: str) -> int:
    """Waits until the boxes of each looked-at frame are followed to the next one, in all sessions of a stream all of
    whose results are there. Returns the number of frames that have tracks.
    """
    db = firestore_client()
    refs = [
        FrameRef(stream, session.id, int(frame.id))
        for session in db.collection(f"{names.stream_path(stream)}/sessions").stream()
        for frame in session.reference.collection("frames").stream()
    ]
    # Each speaks for those beside it.
    waiting = sorted(refs, key=lambda ref: (ref.session, ref.media_ms))[::2]
    leading: set[int] = set()

    def missing() -> list[int]:
        for ref in list(waiting):
            neighbours = [one for one in concerned(documents.around(ref)) if one.kinds]
            leading.update(one.first.ref.media_ms for one in neighbours)
            if not any(one.due for one in neighbours):
                waiting.remove(ref)
        return [ref.media_ms for ref in waiting]

    until(lambda: not missing(), _SECONDS, lambda: f"tracks around the frames at {missing()} ms of {stream!r}")
    return len(leading)
