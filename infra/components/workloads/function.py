"""Cloud Functions: handlers of events. Only the project's own accounts may call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import cloudfunctionsv2 as functions
from pulumi_gcp import cloudrunv2 as run

from ..access.identity import Identity
from ..access.secret import Secret
from ..events.push import Delivery, PushSubscription, may_mint
from ..events.topic import Topic
from ..project.cloud import Cloud, Component
from .source import Source
from .workload import Environment


@dataclass(frozen=True, slots=True)
class Size:
    """Resources of one instance: memory (`1Gi`), CPUs, requests at once, seconds for each request."""

    memory: str
    cpu: str = "1"
    concurrency: int = 1
    timeout: int = 60


@dataclass(frozen=True, slots=True)
class FunctionArgs:
    """Arguments of every function."""

    source: Source
    identity: Identity
    environment: Environment
    size: Size
    max_instances: int
    min_instances: int = 0  # each stays warm, and costs money
    follows: bool = False  # on one machine with others, it gives way to them: a label says so


class Function(Component):
    """A function in its own service account. It costs nothing while it is not called, unless instances stay warm."""

    def __init__(self, name: str, cloud: Cloud, args: FunctionArgs) -> None:
        """Its entry point in main.py is `name`."""
        super().__init__(name, cloud)
        cloud.quota.take(name, args.max_instances, args.size.cpu, args.size.memory)
        settled = self.settled(name, args.identity.grants, args.source.builder.grants)
        self.function = args.source.in_turn(lambda before: self._declare(args, [*settled, *before]))
        self.uri = self.function.service_config.apply(lambda config: config.uri if config and config.uri else "")

    def _declare(self, args: FunctionArgs, after: list[pulumi.Resource]) -> functions.Function:
        name = self.pulumi_resource_name
        return functions.Function(
            name,
            name=self.cloud.name(name),
            location=self.cloud.region,
            labels={"gives-way": "true"} if args.follows else None,
            build_config=args.source.build(name),
            service_config=functions.FunctionServiceConfigArgs(
                available_memory=args.size.memory,
                available_cpu=args.size.cpu,
                max_instance_request_concurrency=args.size.concurrency,
                timeout_seconds=args.size.timeout,
                min_instance_count=args.min_instances,
                max_instance_count=args.max_instances,
                # Without it the framework runs four threads a core, whatever is declared.
                environment_variables={**args.environment.plain, "THREADS": str(args.size.concurrency)},
                secret_environment_variables=_secrets(self.cloud, args.environment.secret),
                service_account_email=args.identity.email,
                ingress_settings="ALLOW_ALL",  # internal ingress would need a VPC; IAM decides who may call
                all_traffic_on_latest_revision=True,
            ),
            opts=self.child(after),
        )

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` call it. The service behind a function carries the function's name."""
        return [
            run.ServiceIamMember(
                f"{self.pulumi_resource_name}-{who}",
                project=self.cloud.project,
                location=self.cloud.region,
                name=self.function.name,
                role="roles/run.invoker",
                member=member,
                opts=self.child(),
            )
        ]


class EventFunction(Function):
    """A function that every message of `topic` is pushed to, until it acknowledges or the message is a dead letter."""

    def __init__(
        self, name: str, cloud: Cloud, args: FunctionArgs, *, topic: Topic, delivery: Delivery, pusher: str = ""
    ) -> None:
        """`pusher` names the account that pushes, if `{name}-push` is too long for one."""
        super().__init__(name, cloud, args)
        account = Identity(pusher or f"{name}-push", cloud)
        PushSubscription(
            name,
            cloud,
            topic=topic,
            uri=self.uri,
            pusher=account,
            delivery=delivery,
            busy=args.size.timeout,
            after=self.allow("push", account.member),
        )
        self.register_outputs({})


class PooledFunction(Function):
    """A function that the messages of several topics share: a queue for each, so that none waits behind another.

    One account pushes all of them.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        args: FunctionArgs,
        *,
        topics: Sequence[Topic],
        delivery: Delivery,
        named: str = "",
    ) -> None:
        """`named` begins the names of its subscriptions, where another function has those of the topics."""
        super().__init__(name, cloud, args)
        account = Identity(f"{name}-push", cloud)
        invoker, minted = self.allow("push", account.member), may_mint(self, account)
        for topic in topics:
            PushSubscription(
                "-".join(filter(None, (named, topic.pulumi_resource_name))),
                cloud,
                topic=topic,
                uri=self.uri,
                pusher=account,
                delivery=delivery,
                busy=args.size.timeout,
                after=invoker,
                minted=minted,
            )
        self.register_outputs({})


def _secrets(
    cloud: Cloud, secrets: Mapping[str, Secret]
) -> list[functions.FunctionServiceConfigSecretEnvironmentVariableArgs] | None:
    return [
        functions.FunctionServiceConfigSecretEnvironmentVariableArgs(
            key=variable, project_id=cloud.project, secret=secret.secret_id, version=secret.version
        )
        for variable, secret in secrets.items()
    ] or None
