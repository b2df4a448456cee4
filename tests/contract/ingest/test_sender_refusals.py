"""Senders that are turned away because another one sends, and those that are stopped while they send."""

from __future__ import annotations

import json
import re

from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.found import document, stored, wait_until
from tests.contract.ingest.senders import chunks, held_open, post
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip

from pipeline.documents import leases
from pipeline.domain import names


def test_a_second_publisher_of_a_stream_is_refused(
    services: ServiceFactory, service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    first = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    status, problem = post(services(), stream, chunks(clip.path))

    assert (status, problem["title"]) == (409, "Conflict")
    assert re.search(r"already, by http from 127\.0\.0\.1 since 20\d\d-\S+Z", problem["detail"])
    first.send(b"0\r\n\r\n")
    assert json.loads(first.getresponse().read())["segments"] == 3


def test_more_streams_than_an_instance_takes_are_sent_away(
    services: ServiceFactory, stream: Publishing, other: Publishing, clip: Clip, db: firestore.Client
) -> None:
    service = services(MAX_STREAMS="1")
    first = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    status, problem = post(service, other, chunks(clip.path))

    assert status == 503
    assert "already carries 1 streams, and has no room for another" in problem["detail"]
    first.close()


def test_a_silent_sender_is_let_go(
    services: ServiceFactory, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    service = services(SENDER_TIMEOUT="1")
    connection = held_open(service, stream, clip)

    answer = connection.getresponse()

    assert answer.status == 200
    assert json.loads(answer.read())["segments"] == 3
    assert document(db, stream)["state"] == "reconnecting"


def test_sigterm_leaves_the_session_to_another_instance(
    services: ServiceFactory, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    service = services()
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    service.process.terminate()
    answer = connection.getresponse()

    assert answer.status == 503
    assert "connect again" in json.loads(answer.read())["detail"]
    assert service.process.wait(60) == 0
    found = document(db, stream)
    assert (found["state"], found["error"]) == ("reconnecting", None)
    assert len(stored(bucket, stream)) == 3
    playlist = names.live_playlist(stream.id, found["session"])
    assert "#EXT-X-ENDLIST" not in bucket.blob(playlist).download_as_text()

    status, answer = post(services(), stream, chunks(clip.path))

    assert (status, answer["session"], answer["segments"]) == (200, found["session"], 6)
    text = bucket.blob(playlist).download_as_text()
    assert lint(text) == []
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_an_operators_stop_ends_the_session_and_tells_the_sender(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    assert leases.revoke(stream.id)
    answer = connection.getresponse()

    assert answer.status == 409
    assert "stopped by its operator" in json.loads(answer.read())["detail"]
    assert document(db, stream)["state"] == "ended"
    assert leases.held(stream.id) is None


def test_a_stream_that_is_deleted_meanwhile_stops_its_sender_and_stays_deleted(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")
    db.recursive_delete(db.document(f"streams/{stream.id}"))
    data = clip.path.read_bytes()
    connection.send(b"%x\r\n" % len(data) + data + b"\r\n")

    answer = connection.getresponse()

    assert answer.status == 404
    assert not db.document(f"streams/{stream.id}").get().exists
