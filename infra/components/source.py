"""The source that functions are built from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pulumi
from pulumi_gcp import cloudfunctionsv2 as functions
from pulumi_gcp import storage

from .bucket import Bucket
from .cloud import Cloud, Component
from .identity import Identity

RUNTIME = "python311"


class Source(Component):
    """The functions' source as an archive in `bucket`, and the identity that builds it."""

    def __init__(self, name: str, cloud: Cloud, *, bucket: Bucket, folder: Path) -> None:
        """`folder` is relative to infra/; it holds main.py and requirements.txt, the lock that Cloud Build installs."""
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


def sources(folder: Path) -> list[str]:
    """Every file under `folder` that belongs to the source, sorted: no caches, nothing hidden, no source of a lock."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    kept = (file for file in files if not any(part == "__pycache__" or part.startswith(".") for part in file.parts))
    return sorted(file.as_posix() for file in kept if file.suffix not in (".pyc", ".in"))


def _digest(folder: Path, files: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = (folder / file).read_bytes()
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
