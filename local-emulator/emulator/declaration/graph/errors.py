"""Errors of a declaration. Each message names the resource.

GraphError
├── UnknownType       a resource type that is on no list of kinds.py
├── DuplicateUrn      two resources of one type and parent share a name
├── UnresolvedInput   an input that would still be unknown after a deployment
├── UnsetVariable     an environment variable declared without a value
├── UnreadableSource  a source file that is not Python; the message names file and line
├── NoAnswer          a provider function that outputs.py has no answer for
└── ProgramFailed     the program itself raised: a setting is missing or malformed, a file is not there
"""

from __future__ import annotations


class GraphError(Exception):
    """Base of the tree."""


class UnknownType(GraphError):
    """A resource type that is on no list of kinds.py."""


class DuplicateUrn(GraphError):
    """Two resources of one type and parent share a name."""


class UnresolvedInput(GraphError):
    """An input that would still be unknown after a deployment."""


class UnsetVariable(GraphError):
    """An environment variable declared without a value."""


class UnreadableSource(GraphError):
    """A source file that is not Python."""


class NoAnswer(GraphError):
    """A provider function that outputs.py has no answer for."""


class ProgramFailed(GraphError):
    """The program itself raised."""
