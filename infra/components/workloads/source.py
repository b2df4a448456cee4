"""The functions' source, and the account that builds it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pulumi
from pulumi_gcp import cloudfunctionsv2 as functions
from pulumi_gcp import projects, storage

from ..access.identity import Identity
from ..data.bucket import Bucket
from ..project.cloud import Cloud, Component
from .registry import may_push, registry

RUNTIME = "python311"
WRITE_LOGS = "roles/logging.logWriter"
READ = "roles/storage.objectViewer"


class Source(Component):
    """The functions' source as an archive in `bucket`, and the identity that builds it."""

    def __init__(self, name: str, cloud: Cloud, *, bucket: Bucket, folder: Path) -> None:
        """`folder` is relative to infra/; it holds main.py and requirements.txt, the lock that Cloud Build installs."""
        super().__init__(name, cloud)
        files = sources(folder)
        # Named by its contents: a changed source is another object, so the functions are built again.
        self.archive = storage.BucketObject(
            name,
            bucket=bucket.name,
            name=f"{name}-{_digest(folder, files)}.zip",
            source=pulumi.AssetArchive({file: pulumi.FileAsset(str(folder / file)) for file in files}),
            content_type="application/zip",
            opts=self.child(),
        )
        # A registry of ours: Google makes its own with the first function, too late for others that are built then.
        self._images = registry(self, name)
        self.builder = Identity("build", cloud, roles=[WRITE_LOGS], buckets=[(bucket, READ)], uses=[self])
        self._first: pulumi.Resource | None = None
        self.register_outputs({})

    def in_turn(self, make: Callable[[list[pulumi.Resource]], functions.Function]) -> functions.Function:
        """Declares a function by `make`, which gets the resources to wait for.

        In a new project the first function is built alone, while Google sets up the parts that all builds need.
        """
        made = make([self._first] if self._first else [])
        self._first = self._first or made
        return made

    def build(self, entry_point: str) -> functions.FunctionBuildConfigArgs:
        """The build of a function from it."""
        return functions.FunctionBuildConfigArgs(
            runtime=RUNTIME,
            entry_point=entry_point,
            docker_repository=self._images.id,
            service_account=self.builder.account.id,
            source=functions.FunctionBuildConfigSourceArgs(
                storage_source=functions.FunctionBuildConfigSourceStorageSourceArgs(
                    bucket=self.archive.bucket, object=self.archive.output_name
                )
            ),
        )

    def allow(self, who: str, member: pulumi.Input[str]) -> list[pulumi.Resource]:
        """Lets `member` build functions: push their images, and read the copy of the archive.

        Cloud Functions copies the archive into a bucket that it makes with the first function, and builds that.
        """
        name, copies = f"{self.pulumi_resource_name}-{who}", "projects/_/buckets/gcf-v2-sources-"
        return [
            may_push(self, name, self._images, member),
            projects.IAMMember(
                f"{name}-copies",
                project=self.cloud.project,
                role=READ,
                member=member,
                condition=projects.IAMMemberConditionArgs(
                    title="sources of functions", expression=f'resource.name.startsWith("{copies}")'
                ),
                opts=self.child(),
            ),
        ]


def sources(folder: Path) -> list[str]:
    """Every file under `folder` that belongs to the source, sorted: no caches, no hidden files, no source of a lock."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    kept = (file for file in files if not any(part == "__pycache__" or part.startswith(".") for part in file.parts))
    return sorted(file.as_posix() for file in kept if file.suffix not in (".pyc", ".in"))


def _digest(folder: Path, files: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = (folder / file).read_bytes()
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
