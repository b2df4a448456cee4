"""What an instance has no room for, and what a request has none for: refused in words, before other streams suffer."""

from __future__ import annotations

import http.client
import json

from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.found import reached, stored, wait_until
from tests.contract.ingest.senders import chunks, held_open, post
from tests.unit.ingest.clips import FPS, HEIGHT, WIDTH, Clip

from ingest.session.active_streams import TRANSCODE


def answered(service: Service, stream: Publishing, clip: Clip) -> tuple[int, str | None, str]:
    """Status, Retry-After and detail."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Authorization": f"Bearer {stream.key}"}
    connection.request("POST", f"/streams/{stream.id}", chunks(clip.path), headers, encode_chunked=True)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Retry-After"), json.loads(answer.read()).get("detail", "")


def test_what_must_be_transcoded_is_refused_where_it_would_make_others_lag(
    services: ServiceFactory, stream: Publishing, other: Publishing, clip: Clip, webm: Clip, db: firestore.Client
) -> None:
    service = services(MAX_TRANSCODES=str(WIDTH * HEIGHT * FPS / TRANSCODE))
    first = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    status, again, detail = answered(service, other, webm)

    assert (status, again) == (503, "5")
    assert "this video must be transcoded" in detail
    assert "send H.264" in detail
    first.send(b"0\r\n\r\n")
    assert json.loads(first.getresponse().read())["segments"] == 3
    assert answered(service, other, webm)[0] == 200


def test_a_plain_post_is_told_what_has_no_limit_before_the_platform_cuts_it(
    services: ServiceFactory, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    service = services(POST_MAX_MIB="1")
    data = clip.path.read_bytes()

    status, problem = post(service, stream, (data for _ in range(3 + (1 << 20) // len(data))))

    assert status == 413
    assert "media-analyzer-send" in problem["detail"] and "-f hls -method PUT" in problem["detail"]
    assert len(stored(bucket, stream)) > 3
    assert reached(db, stream, "reconnecting")["error"] is None
