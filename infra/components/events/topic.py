"""Topics, each with one for its dead letters."""

from __future__ import annotations

import pulumi
from pulumi_gcp import pubsub

from ..project.cloud import Cloud, Component

NEVER = pubsub.SubscriptionExpirationPolicyArgs(ttl="")  # else Pub/Sub deletes a subscription idle for 31 days


class Topic(Component):
    """A topic with dead letters.

    Dead letters need four things: a topic for them and the right of Pub/Sub's own service account to publish there
    (both here), its right to acknowledge at the source (`PushSubscription`), and a subscription (`DeadLetters`).
    """

    def __init__(self, name: str, cloud: Cloud) -> None:
        super().__init__(name, cloud)
        dead = f"{name}-dead"
        self.topic = pubsub.Topic(name, name=cloud.name(name), opts=self.child())
        self.id = self.topic.id  # projects/PROJECT/topics/NAME
        self.dead = pubsub.Topic(dead, name=cloud.name(dead), opts=self.child())
        self.dead_grant = pubsub.TopicIAMMember(
            dead,
            topic=self.dead.id,
            role="roles/pubsub.publisher",
            member=cloud.pubsub_agent.member,
            opts=self.child(),
        )
        self.register_outputs({})

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` publish to it."""
        return [
            pubsub.TopicIAMMember(
                f"{self.pulumi_resource_name}-{who}",
                topic=self.topic.id,
                role="roles/pubsub.publisher",
                member=member,
                opts=self.child(),
            )
        ]
