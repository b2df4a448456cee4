"""Push subscriptions: back-off, dead letters, and the token that names the pusher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi_gcp import pubsub, serviceaccount

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .topic import NEVER, Topic

DAY = 86400
MOST_ATTEMPTS = 100  # Pub/Sub's


@dataclass(frozen=True, slots=True)
class Delivery:
    """Retries of a message: waits double from `min_seconds` to `max_seconds`; after `attempts` it is a dead letter.

    What has waited for longer than `kept_days` is dropped.
    """

    attempts: int
    min_seconds: int
    max_seconds: int
    kept_days: int = 1

    def patient(self) -> Delivery:
        """The same for a queue that may grow long: a push that finds no room counts as an attempt."""
        return replace(self, attempts=min(MOST_ATTEMPTS, 3 * self.attempts), kept_days=7)


class PushSubscription(Component):
    """Pushes every message of `topic` to `uri` as `pusher`, who may call it."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        topic: Topic,
        uri: pulumi.Output[str],
        pusher: Identity,
        delivery: Delivery,
        busy: int,
        after: Sequence[pulumi.Resource],
        minted: pulumi.Resource | None = None,
    ) -> None:
        """`busy`: seconds the handler may take. `after`: resources that the first push waits for. `minted`: the right
        to make tokens of `pusher`, where several subscriptions share it."""
        super().__init__(name, cloud)
        token_grant = minted or may_mint(self, pusher)
        self.subscription = pubsub.Subscription(
            name,
            name=cloud.name(name),
            topic=topic.topic.id,
            # Longer than the handler may take, or it would be called again while it works.
            ack_deadline_seconds=busy + 10,
            message_retention_duration=f"{delivery.kept_days * DAY}s",
            expiration_policy=NEVER,
            push_config=push_to(uri, cloud, topic.topic, pusher),
            retry_policy=pubsub.SubscriptionRetryPolicyArgs(
                minimum_backoff=f"{delivery.min_seconds}s", maximum_backoff=f"{delivery.max_seconds}s"
            ),
            dead_letter_policy=pubsub.SubscriptionDeadLetterPolicyArgs(
                dead_letter_topic=topic.dead.id, max_delivery_attempts=delivery.attempts
            ),
            opts=self.child(self.settled(name, after, token_grant, topic.dead_grant)),
        )
        self._may_acknowledge(name)
        self.register_outputs({})

    def _may_acknowledge(self, name: str) -> None:
        """Pub/Sub takes a dead message off its subscription as a subscriber."""
        pubsub.SubscriptionIAMMember(
            f"{name}-dead",
            subscription=self.subscription.id,
            role="roles/pubsub.subscriber",
            member=self.cloud.pubsub_agent.member,
            opts=self.child(),
        )


def push_to(
    uri: pulumi.Output[str], cloud: Cloud, topic: pubsub.Topic, pusher: Identity
) -> pubsub.SubscriptionPushConfigArgs:
    """A push to the service at `uri` with a token of `pusher`."""
    return pubsub.SubscriptionPushConfigArgs(
        # The functions framework learns the topic from this path.
        push_endpoint=pulumi.Output.concat(uri, "/projects/", cloud.project, "/topics/", topic.name),
        oidc_token=pubsub.SubscriptionPushConfigOidcTokenArgs(service_account_email=pusher.email, audience=uri),
    )


def may_mint(component: Component, pusher: Identity) -> serviceaccount.IAMMember:
    """Pub/Sub makes the token of `pusher` that `component` pushes with."""
    return serviceaccount.IAMMember(
        f"{component.pulumi_resource_name}-push-token",
        service_account_id=pusher.account.name,
        role="roles/iam.serviceAccountTokenCreator",
        member=component.cloud.pubsub_agent.member,
        opts=component.child(),
    )
