"""The built site in a bucket: one object for each file, and the page's configuration."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi_gcp import storage

from ..project.cloud import Cloud, Component
from .bucket import Bucket

REVALIDATE = "no-cache"
FOREVER = "public, max-age=31536000, immutable"
ENTRY = "index.html"  # and what it is compressed to
HASHED = "assets/"  # Vite puts a hash of their contents in these names


class StaticSite(Component):
    """Every file of `folder`, and config.json made of `config`.

    index.html and config.json come last: all files that they name are there before them.
    """

    def __init__(self, name: str, cloud: Cloud, *, bucket: Bucket, folder: Path, config: Mapping[str, Any]) -> None:
        """`folder` is relative to infra/. Raises FileNotFoundError if the site is not built."""
        super().__init__(name, cloud)
        if not (folder / "index.html").is_file():
            raise FileNotFoundError(
                f"{folder}/index.html is missing: npm --prefix web ci && npm --prefix web run build"
            )
        parts: list[pulumi.Resource] = []
        paths = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        for path in sorted(paths, key=lambda path: (path.startswith(ENTRY), path)):
            stored = storage.BucketObject(
                path,
                bucket=bucket.name,
                name=path,
                source=pulumi.FileAsset(str(paths[path])),
                content_type=_content_type(path),
                cache_control=FOREVER if path.startswith(HASHED) else REVALIDATE,
                # The name stays: made first and deleted afterwards, the new object would go with the old.
                opts=self.child(parts if path.startswith(ENTRY) else (), replace_first=True),
            )
            if not path.startswith(ENTRY):
                parts.append(stored)
        storage.BucketObject(
            "config.json",
            bucket=bucket.name,
            name="config.json",
            content=pulumi.Output.json_dumps(config),
            content_type="application/json",
            cache_control=REVALIDATE,
            opts=self.child(parts, replace_first=True),
        )
        self.register_outputs({})


def _content_type(path: str) -> str:
    # Not the system's table: it differs from machine to machine.
    known = {".js": "text/javascript", ".json": "application/json", ".webmanifest": "application/manifest+json"}
    text = known.get(Path(path).suffix) or mimetypes.types_map.get(Path(path).suffix) or "application/octet-stream"
    return f"{text}; charset=utf-8" if text.startswith("text/") else text
