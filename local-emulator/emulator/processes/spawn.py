"""A child process in a session of its own, which dies with the supervisor and may give way to others."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_NICE = 10  # of what gives way


def spawn(
    command: Sequence[str],
    env: Mapping[str, str],
    cwd: str | Path,
    *,
    gives_way: bool = False,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """`command`, with what it writes in one pipe. Raises OSError where there is no such program or folder.

    `gives_way`: it lets others have the processor first, as what is another machine in the cloud.
    """
    child = subprocess.Popen(
        [*wrapper(os.getpid(), gives_way), *command],
        pass_fds=pass_fds,
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    if gives_way:
        # Where Linux groups processes by session, a process's own niceness counts within its group only.
        with contextlib.suppress(OSError):
            Path(f"/proc/{child.pid}/autogroup").write_text(str(_NICE))
    return child


def wrapper(parent: int, gives_way: bool = False) -> list[str]:
    """A command before the child's own: the child dies with the process `parent` (Linux), and may give way.

    A parent that dies before setpriv has asked for the signal is noticed by the shell: the child then does not start.
    """
    setpriv = shutil.which("setpriv")
    orphaned = '[ "$PPID" = "$0" ] || exit 1; unset PWD; exec "$@"'
    dying = [setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", orphaned, str(parent)] if setpriv else []
    return [*dying, "nice", "-n", str(_NICE)] if gives_way else dying
