"""Evaluates the Pulumi program in infra/ without deploying it, and hands back every resource it declares."""

from typing import TYPE_CHECKING, Any

from .assets import Archive, Asset, FileAsset, StringAsset
from .cache import load_or_evaluate
from .errors import GraphError
from .model import Graph, Ports, Resource, address

if TYPE_CHECKING:
    from .program import evaluate

__all__ = [
    "Archive",
    "Asset",
    "FileAsset",
    "Graph",
    "GraphError",
    "Ports",
    "Resource",
    "StringAsset",
    "address",
    "evaluate",
    "load_or_evaluate",
]


def __getattr__(name: str) -> Any:
    """Pulumi is imported by those who evaluate, not by those who read a graph."""
    if name == "evaluate":
        from .program import evaluate

        return evaluate
    raise AttributeError(name)
