"""Evaluates the Pulumi program in infra/ without deploying it, and hands back every resource it declares."""

from .assets import Archive, Asset, FileAsset, StringAsset
from .errors import GraphError
from .evaluate import evaluate
from .model import Graph, Ports, Resource, address

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
]
