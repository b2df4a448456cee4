"""The end of messages that no handler could take."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_gcp import pubsub

from ..access.identity import Identity
from ..events.push import Delivery, may_mint, push_to
from ..events.topic import NEVER, Topic
from ..project.cloud import Cloud
from .function import Function, FunctionArgs

WEEK = "604800s"


class DeadLetters(Function):
    """A function that takes what the subscriptions of `topics` gave up on.

    Dead letters have no dead letters of their own: one that this function cannot take is pushed again, for a week. One
    account pushes all of them: it may call this function and nothing else.
    """

    def __init__(
        self, name: str, cloud: Cloud, args: FunctionArgs, *, topics: Sequence[Topic], delivery: Delivery
    ) -> None:
        super().__init__(name, cloud, args)
        pusher = Identity(f"{name}-push", cloud)
        settled = self.settled(f"{name}-push", self.allow("push", pusher.member), may_mint(self, pusher))
        for topic in topics:
            dead = f"{topic.pulumi_resource_name}-dead"
            pubsub.Subscription(
                dead,
                name=cloud.name(dead),
                topic=topic.dead.id,
                ack_deadline_seconds=args.size.timeout + 10,
                message_retention_duration=WEEK,
                expiration_policy=NEVER,
                push_config=push_to(self.uri, cloud, topic.dead, pusher),
                retry_policy=pubsub.SubscriptionRetryPolicyArgs(
                    minimum_backoff=f"{delivery.min_seconds}s", maximum_backoff=f"{delivery.max_seconds}s"
                ),
                opts=self.child(settled),
            )
        self.register_outputs({})
