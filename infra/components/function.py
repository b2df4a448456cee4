"""Cloud Functions: one fed by a topic, one by HTTP, from one source archive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
from pulumi_gcp import cloudfunctionsv2 as functions
from pulumi_gcp import cloudrunv2 as run
from pulumi_gcp import storage

from .bucket import Bucket
from .cloud import Cloud, Component
from .identity import Identity
from .push import Delivery, PushSubscription
from .secret import Secret
from .topic import Topic

RUNTIME = "python311"


@dataclass(frozen=True, slots=True)
class Size:
    """What one instance gets: memory (`1Gi`), CPUs, requests at once, seconds for each request."""

    memory: str
    cpu: str = "1"
    concurrency: int = 1
    timeout: int = 60


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables of a workload: in the clear, and from Secret Manager."""

    plain: Mapping[str, pulumi.Input[str]]
    secret: Mapping[str, Secret] = field(default_factory=dict[str, Secret])


class Source(Component):
    """The functions' source as an archive in `bucket`, and the identity that builds it."""

    def __init__(self, name: str, cloud: Cloud, *, bucket: Bucket, folder: Path) -> None:
        """`folder` is relative to infra/; it holds main.py and requirements.txt."""
        super().__init__(name, cloud)
        files = sources(folder)
        # Named by its contents: a changed source is another object, so the functions are built anew.
        self.archive = storage.BucketObject(
            name,
            bucket=bucket.name,
            name=f"{name}-{_digest(folder, files)}.zip",
            source=pulumi.AssetArchive({file: pulumi.FileAsset(str(folder / file)) for file in files}),
            content_type="application/zip",
            opts=self.child(),
        )
        self.builder = Identity("build", cloud, roles=["roles/cloudbuild.builds.builder"])
        self.register_outputs({})

    def build(self, entry_point: str) -> functions.FunctionBuildConfigArgs:
        """How a function is built from it."""
        return functions.FunctionBuildConfigArgs(
            runtime=RUNTIME,
            entry_point=entry_point,
            service_account=self.builder.account.id,
            source=functions.FunctionBuildConfigSourceArgs(
                storage_source=functions.FunctionBuildConfigSourceStorageSourceArgs(
                    bucket=self.archive.bucket, object=self.archive.output_name
                )
            ),
        )


class Function(Component):
    """A function in its own service account. It costs nothing while it is not called."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        source: Source,
        identity: Identity,
        environment: Environment,
        size: Size,
        max_instances: int,
    ) -> None:
        """Its entry point in main.py is `name`."""
        super().__init__(name, cloud)
        self.function = functions.Function(
            name,
            name=cloud.name(name),
            location=cloud.region,
            build_config=source.build(name),
            service_config=functions.FunctionServiceConfigArgs(
                available_memory=size.memory,
                available_cpu=size.cpu,
                max_instance_request_concurrency=size.concurrency,
                timeout_seconds=size.timeout,
                min_instance_count=0,
                max_instance_count=max_instances,
                environment_variables=environment.plain,
                secret_environment_variables=_secrets(cloud, environment.secret),
                service_account_email=identity.email,
                ingress_settings="ALLOW_ALL",  # internal ingress would need a VPC: who may call is IAM's to say
                all_traffic_on_latest_revision=True,
            ),
            opts=self.child(identity.grants, source.builder.grants),
        )
        self.uri = self.function.service_config.apply(lambda config: config.uri if config and config.uri else "")

    def allow(self, who: str, member: pulumi.Input[str]) -> run.ServiceIamMember:
        """Lets `member` call it. The service behind a function carries the function's name."""
        return run.ServiceIamMember(
            f"{self._name}-{who}",
            project=self.cloud.project,
            location=self.cloud.region,
            name=self.function.name,
            role="roles/run.invoker",
            member=member,
            opts=self.child(),
        )


class EventFunction(Function):
    """A function that every message of `topic` is pushed to, until it acknowledges or the message is a dead letter."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        topic: Topic,
        delivery: Delivery,
        source: Source,
        identity: Identity,
        environment: Environment,
        size: Size,
        max_instances: int,
    ) -> None:
        super().__init__(
            name,
            cloud,
            source=source,
            identity=identity,
            environment=environment,
            size=size,
            max_instances=max_instances,
        )
        pusher = Identity(f"{name}-push", cloud)
        grant = self.allow("push", pusher.member)
        PushSubscription(
            name, cloud, topic=topic, uri=self.uri, pusher=pusher, delivery=delivery, busy=size.timeout, after=[grant]
        )
        self.register_outputs({})


class HttpFunction(Function):
    """A function that anybody may call: it checks its callers itself."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        source: Source,
        identity: Identity,
        environment: Environment,
        size: Size,
        max_instances: int,
    ) -> None:
        super().__init__(
            name,
            cloud,
            source=source,
            identity=identity,
            environment=environment,
            size=size,
            max_instances=max_instances,
        )
        self.allow("public", "allUsers")
        self.register_outputs({})


def sources(folder: Path) -> list[str]:
    """Every file under `folder` that belongs to the source, sorted: no caches, nothing hidden."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    kept = (file for file in files if not any(part == "__pycache__" or part.startswith(".") for part in file.parts))
    return sorted(file.as_posix() for file in kept if file.suffix != ".pyc")


def _digest(folder: Path, files: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = (folder / file).read_bytes()
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def _secrets(
    cloud: Cloud, secrets: Mapping[str, Secret]
) -> list[functions.FunctionServiceConfigSecretEnvironmentVariableArgs] | None:
    return [
        functions.FunctionServiceConfigSecretEnvironmentVariableArgs(
            key=variable, project_id=cloud.project, secret=secret.secret_id, version=secret.version
        )
        for variable, secret in secrets.items()
    ] or None
