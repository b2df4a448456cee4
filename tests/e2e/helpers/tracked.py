"""Follows an analysed stream until its tracks are written."""

from __future__ import annotations

from tests.wait import until

from pipeline.cloud.clients import firestore_client
from pipeline.documents import tracks as documents
from pipeline.domain import names
from pipeline.domain.model import FrameRef
from pipeline.tracking.stretch import followed

_SECONDS = 120.0  # until something is taken not to happen


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
    leading: list[FrameRef] = []
    for ref in refs:
        around = documents.around(ref)
        if around.after and followed(around.here.detections, around.after[0].detections):
            leading.append(ref)

    def missing() -> list[int]:
        stretches = [documents.around(ref) for ref in leading]
        return [one.here.ref.media_ms for one in stretches if not one.here.leads_to(one.after[0])]

    until(lambda: not missing(), _SECONDS, lambda: f"tracks of the frames at {missing()} ms of {stream!r}")
    return len(leading)
