"""A topic, and the place where its undeliverable messages go."""

from __future__ import annotations

from pulumi_gcp import pubsub

from .cloud import Cloud, Component

WEEK = "604800s"
NEVER = pubsub.SubscriptionExpirationPolicyArgs(ttl="")  # else Pub/Sub deletes a subscription idle for 31 days


class Topic(Component):
    """A topic with dead letters.

    Dead letters need four things: a topic for them, a subscription that keeps them, and, of Pub/Sub's own service
    account, the right to publish there (all here) and to acknowledge at the source (`PushSubscription`).
    """

    def __init__(self, name: str, cloud: Cloud) -> None:
        super().__init__(name, cloud)
        dead = f"{name}-dead"
        self.topic = pubsub.Topic(name, name=cloud.name(name), opts=self.child())
        self.dead = pubsub.Topic(dead, name=cloud.name(dead), opts=self.child())
        self.dead_grant = pubsub.TopicIAMMember(
            dead,
            topic=self.dead.id,
            role="roles/pubsub.publisher",
            member=cloud.pubsub_agent.member,
            opts=self.child(),
        )
        pubsub.Subscription(
            dead,
            name=cloud.name(dead),
            topic=self.dead.id,
            message_retention_duration=WEEK,
            expiration_policy=NEVER,
            opts=self.child(),
        )
        self.register_outputs({})
