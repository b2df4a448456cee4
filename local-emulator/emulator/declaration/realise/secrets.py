"""Secrets: the values that functions and services find in their environment."""

from __future__ import annotations

from ...errors import Unrealisable
from ..graph import Graph, Resource


def secret_value(graph: Graph, secret: str, wanted_by: Resource, variable: str) -> str:
    """The value of `secret`, named by its id or its full name. Raises Unrealisable where no version is declared."""
    wanted = secret.rsplit("/", 1)[-1]
    for version in graph.of("gcp:secretmanager/secretVersion:SecretVersion"):
        if version.inputs["secret"].rsplit("/", 1)[-1] == wanted:
            return version.inputs["secretData"]
    raise Unrealisable(f"{wanted_by.label}: {variable} wants the secret {wanted}, which has no declared version")
