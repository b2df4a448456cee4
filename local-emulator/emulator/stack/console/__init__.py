"""A page that shows a running stack: its resources, their logs, what ended as a dead letter and why."""

from .server import Console

__all__ = ["Console"]
