"""A page that shows a running stack: its resources, their logs, traces and metrics."""

from .server import Console

__all__ = ["Console"]
