"""Storage events: each object finalised under a prefix becomes a message on a topic."""

from __future__ import annotations

from pulumi_gcp import pubsub, storage

from ..data.bucket import Bucket
from ..project.cloud import Cloud, Component
from .topic import Topic


class StorageEvents(Component):
    """A bucket's notifications, and the right of Cloud Storage's own service account to publish them."""

    def __init__(self, name: str, cloud: Cloud, *, bucket: Bucket, prefix: str, topic: Topic) -> None:
        super().__init__(name, cloud)
        grant = pubsub.TopicIAMMember(
            f"{name}-storage",
            topic=topic.topic.id,
            role="roles/pubsub.publisher",
            member=cloud.storage_agent,
            opts=self.child(),
        )
        storage.Notification(
            name,
            bucket=bucket.name,
            topic=topic.topic.id,
            event_types=["OBJECT_FINALIZE"],
            object_name_prefix=prefix,
            payload_format="JSON_API_V1",
            opts=self.child(self.settled(name, grant)),
        )
        self.register_outputs({})
