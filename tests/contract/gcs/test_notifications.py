"""Notifications: configurations through the client library, messages through Google's Pub/Sub emulator."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import storage
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import PubsubMessage
from tests.contract.gcs.emulators import Emulator, running
from tests.contract.gcs.gate import gate
from tests.servers import free_port
from tests.wait import until

PROJECT = "projects/test-project"


@dataclass
class Topic:
    """A topic with one subscription, on the Pub/Sub emulator."""

    name: str
    endpoint: str

    def __post_init__(self) -> None:
        channel = grpc.insecure_channel(self.endpoint)
        self._subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
        self._subscription = f"{PROJECT}/subscriptions/{self.name}"
        PublisherClient(transport=PublisherGrpcTransport(channel=channel)).create_topic(name=self.path)
        self._subscriber.create_subscription(name=self._subscription, topic=self.path)

    @property
    def path(self) -> str:
        return f"{PROJECT}/topics/{self.name}"

    def receive(self, count: int) -> list[PubsubMessage]:
        """Exactly `count` messages in the order of their event times, within 20 s, and no more that are there."""
        found: list[PubsubMessage] = []
        deadline = time.monotonic() + 20
        while len(found) < count and time.monotonic() < deadline:
            response = self._subscriber.pull(subscription=self._subscription, max_messages=100, timeout=30)
            if ids := [each.ack_id for each in response.received_messages]:
                self._subscriber.acknowledge(subscription=self._subscription, ack_ids=ids)
            found += [each.message for each in response.received_messages]
        assert len(found) == count, [dict(message.attributes) for message in found]
        return found


@pytest.fixture(scope="module")
def notifying(pubsub_endpoint: str) -> Iterator[Emulator]:
    with running("--memory", "--pubsub", pubsub_endpoint) as started:
        yield started


@pytest.fixture
def topic(pubsub_endpoint: str) -> Topic:
    return Topic(f"t-{uuid.uuid4().hex[:8]}", pubsub_endpoint)


@pytest.fixture
def media(notifying: Emulator) -> storage.Bucket:
    return notifying.client().create_bucket(f"media-{uuid.uuid4().hex[:8]}")


def notify(bucket: storage.Bucket, topic: Topic, **options: Any) -> Any:
    options.setdefault("payload_format", "JSON_API_V1")
    notification = bucket.notification(topic_name=topic.name, topic_project="test-project", **options)
    notification.create()
    return notification


def types(messages: list[PubsubMessage]) -> list[str]:
    return sorted(message.attributes["eventType"] for message in messages)


def test_configurations_are_created_found_listed_and_deleted(bucket: storage.Bucket) -> None:
    wanted = bucket.notification(
        topic_name="segments",
        topic_project="test-project",
        custom_attributes={"stage": "test"},
        event_types=["OBJECT_FINALIZE"],
        blob_name_prefix="segments/",
        payload_format="JSON_API_V1",
    )
    wanted.create()
    found = bucket.get_notification(wanted.notification_id)
    assert (found.event_types, found.blob_name_prefix) == (["OBJECT_FINALIZE"], "segments/")
    assert (found.custom_attributes, found.payload_format) == ({"stage": "test"}, "JSON_API_V1")
    other = bucket.notification(topic_name="other", topic_project="test-project")
    other.create()
    assert [(each.notification_id, each.topic_name) for each in bucket.list_notifications()] == [
        ("1", "segments"),
        ("2", "other"),
    ]
    wanted.delete()
    assert [each.notification_id for each in bucket.list_notifications()] == ["2"]
    with pytest.raises(exceptions.NotFound):
        wanted.delete()
    third = bucket.notification(topic_name="third", topic_project="test-project")
    third.create()
    assert third.notification_id == "3"


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "segments"},
        {"topic": f"//pubsub.googleapis.com/{PROJECT}/topics/t"},
        {"topic": None},
        {"payload_format": "XML"},
        {"event_types": ["OBJECT_CREATED"]},
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(
    emulator: Emulator, bucket: storage.Bucket, wrong: dict[str, Any]
) -> None:
    right = {"topic": f"//pubsub.googleapis.com/{PROJECT}/topics/events", "payload_format": "NONE"}
    path = f"/storage/v1/b/{bucket.name}/notificationConfigs"
    response = emulator.call("POST", path, json={**right, **wrong})
    assert response.status_code == 400
    assert next(iter(wrong)) in response.json()["error"]["message"]
    assert emulator.call("POST", path, json=right).status_code == 200


def test_a_finalised_object_is_announced_as_google_does(media: storage.Bucket, topic: Topic) -> None:
    notify(media, topic, custom_attributes={"stage": "test"})
    blob = media.blob("segments/a b/ü.ts")
    blob.metadata = {"media-time": "2.0"}
    blob.upload_from_string(b"hello", content_type="video/mp2t")
    [message] = topic.receive(1)
    event_time = message.attributes.pop("eventTime")
    assert dict(message.attributes) == {
        "stage": "test",
        "notificationConfig": f"projects/_/buckets/{media.name}/notificationConfigs/1",
        "eventType": "OBJECT_FINALIZE",
        "payloadFormat": "JSON_API_V1",
        "bucketId": media.name,
        "objectId": "segments/a b/ü.ts",
        "objectGeneration": str(blob.generation),
    }
    assert len(event_time) == len("2026-01-31T23:59:59.123456Z")
    payload = json.loads(message.data)
    assert payload == media.get_blob(blob.name)._properties
    assert payload["metadata"] == {"media-time": "2.0"}


def test_every_kind_of_upload_is_announced(media: storage.Bucket, topic: Topic, notifying: Emulator) -> None:
    notify(media, topic, payload_format="NONE")
    media.blob("multipart").upload_from_string(b"x")
    with media.blob("resumable").open("wb", chunk_size=256 * 1024) as out:
        out.write(b"x")  # pyright: ignore[reportArgumentType]
    notifying.call("PUT", f"/{media.name}/xml", data=b"x")
    media.copy_blob(media.blob("xml"), media, "copy")
    media.blob("composed").compose([media.blob("xml")])
    messages = topic.receive(5)
    assert {message.attributes["objectId"] for message in messages} == {
        *("multipart", "resumable", "xml", "copy", "composed"),
    }
    assert all(message.data == b"" for message in messages)


def test_only_what_was_asked_for_is_announced(media: storage.Bucket, topic: Topic) -> None:
    notify(media, topic, blob_name_prefix="segments/", event_types=["OBJECT_FINALIZE"])
    media.blob("frames/a").upload_from_string(b"x")
    media.blob("segments/a").upload_from_string(b"x")
    media.blob("segments/a").delete()
    media.blob("segments/b").upload_from_string(b"x")
    assert sorted(message.attributes["objectId"] for message in topic.receive(2)) == ["segments/a", "segments/b"]


def test_overwriting_names_both_generations(media: storage.Bucket, topic: Topic) -> None:
    notify(media, topic)
    old, new = media.blob("same"), media.blob("same")
    old.upload_from_string(b"1")
    new.upload_from_string(b"2")
    messages = topic.receive(3)
    assert types(messages) == ["OBJECT_DELETE", "OBJECT_FINALIZE", "OBJECT_FINALIZE"]
    [deleted] = [each for each in messages if each.attributes["eventType"] == "OBJECT_DELETE"]
    [created] = [each for each in messages if each.attributes["objectGeneration"] == str(new.generation)]
    assert deleted.attributes["objectGeneration"] == str(old.generation)
    assert deleted.attributes["overwrittenByGeneration"] == str(new.generation)
    assert created.attributes["overwroteGeneration"] == str(old.generation)


def test_versions_are_archived_then_deleted(media: storage.Bucket, topic: Topic) -> None:
    media.versioning_enabled = True
    media.patch()
    notify(media, topic)
    old, new = media.blob("same"), media.blob("same")
    old.upload_from_string(b"1")
    new.upload_from_string(b"2")
    messages = topic.receive(3)
    assert types(messages) == ["OBJECT_ARCHIVE", "OBJECT_FINALIZE", "OBJECT_FINALIZE"]
    [archived] = [each for each in messages if each.attributes["eventType"] == "OBJECT_ARCHIVE"]
    assert archived.attributes["overwrittenByGeneration"] == str(new.generation)
    assert "timeDeleted" in json.loads(archived.data)
    media.delete_blob("same")
    [archived] = topic.receive(1)
    assert archived.attributes["eventType"] == "OBJECT_ARCHIVE"
    assert "overwrittenByGeneration" not in archived.attributes
    old.delete()
    [deleted] = topic.receive(1)
    assert deleted.attributes["eventType"] == "OBJECT_DELETE"
    assert deleted.attributes["objectGeneration"] == str(old.generation)


def test_changed_metadata_is_announced(media: storage.Bucket, topic: Topic) -> None:
    blob = media.blob("x")
    blob.upload_from_string(b"x")
    notify(media, topic)
    blob.metadata = {"a": "1"}
    blob.patch()
    [message] = topic.receive(1)
    assert message.attributes["eventType"] == "OBJECT_METADATA_UPDATE"
    assert json.loads(message.data)["metageneration"] == "2"


def test_a_deletion_by_lifecycle_is_announced(pubsub_endpoint: str, topic: Topic) -> None:
    with running("--memory", "--pubsub", pubsub_endpoint) as own:
        bucket = own.client().create_bucket("media")
        bucket.add_lifecycle_delete_rule(age=1)
        bucket.patch()
        bucket.blob("x").upload_from_string(b"x")
        notify(bucket, topic)
        assert own.advance(days=1.1) == 1
        assert types(topic.receive(1)) == ["OBJECT_DELETE"]


def test_a_topic_that_comes_later_gets_what_was_missed(topic: Topic, pubsub_endpoint: str) -> None:
    with gate(pubsub_endpoint) as before, running("--memory", "--pubsub", before.address) as own:
        bucket = own.client().create_bucket("media")
        bucket.notification(topic_name=topic.name, topic_project="test-project", payload_format="NONE").create()
        bucket.blob("early").upload_from_string(b"x")
        assert before.refused.wait(60)
        before.open.set()
        assert topic.receive(1)[0].attributes["objectId"] == "early"
        until(lambda: waiting(own) == 0, 60, lambda: f"the delivery of {waiting(own)} notifications that wait")


def test_a_pubsub_that_comes_up_late_gets_everything_in_order(topic: Topic, pubsub_endpoint: str) -> None:
    port = free_port()
    with running("--memory", "--pubsub", f"127.0.0.1:{port}") as own:
        bucket = own.client().create_bucket("media")
        bucket.notification(topic_name=topic.name, topic_project="test-project", payload_format="NONE").create()
        for i in range(3):
            bucket.blob(f"{i}").upload_from_string(b"x")
        assert own.call("GET", "/_emulator").json()["notifications"] == {"published": 0, "waiting": 3}
        with gate(pubsub_endpoint, port) as before:
            before.open.set()
            messages = topic.receive(3)
        assert [message.attributes["objectId"] for message in messages] == ["0", "1", "2"]


def test_a_stop_delivers_what_waits(pubsub_endpoint: str, topic: Topic) -> None:
    with running("--memory", "--pubsub", pubsub_endpoint) as own:
        bucket = own.client().create_bucket("media")
        notify(bucket, topic, payload_format="NONE")
        for i in range(200):
            own.call("PUT", f"/media/{i}", data=b"x")
        own.process.terminate()
        assert own.process.wait(60) == 0
    assert len({message.attributes["objectId"] for message in topic.receive(200)}) == 200


def waiting(emulator: Emulator) -> int:
    return emulator.call("GET", "/_emulator").json()["notifications"]["waiting"]
