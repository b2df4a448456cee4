"""Errors of a local stack, in one tree.

    StackError
    ├── AlreadyRunning   the stack is up
    ├── NotRunning       the stack is not up
    ├── NoCredentials    Google's own service is wanted, and no credentials that it accepts are at hand
    ├── ToolMissing      Java or one of Google's emulators; the message says how to get it
    ├── DownloadFailed   a download that did not arrive whole
    ├── PackagesFailed   packages that cannot be resolved or installed
    ├── Unrealisable     a declared resource that this machine cannot bring up; the message names it
    │   └── DockerfileError   a line of a Dockerfile that the reader does not take
    ├── CallFailed       an emulator refused a request
    └── StartFailed      a process ended, or never answered, before it was ready

`str(error)` is a sentence for the person at the terminal. The emulators themselves answer with Google's own errors.
"""

from __future__ import annotations


class StackError(Exception):
    """Base of the tree."""


class AlreadyRunning(StackError):
    """The stack is up."""


class NotRunning(StackError):
    """The stack is not up."""


class NoCredentials(StackError):
    """Google's own service is wanted, and there are no credentials, or none that Google accepts, or no project pays."""


class ToolMissing(StackError):
    """Java or one of Google's emulators cannot be found."""


class DownloadFailed(StackError):
    """A download that did not arrive whole."""


class Unrealisable(StackError):
    """A declared resource that this machine cannot bring up."""


class DockerfileError(Unrealisable):
    """A line of a Dockerfile that the reader does not take."""


class CallFailed(StackError):
    """An emulator refused a request. `status` is its HTTP status, 0 where nothing answered."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class StartFailed(StackError):
    """A process ended, or never answered, before it was ready. `tail` is the end of its log."""

    def __init__(self, message: str, tail: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tail = tail


class PackagesFailed(StackError):
    """Packages could not be resolved or installed: pins that contradict each other, an index that does not answer."""
