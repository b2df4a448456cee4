"""The commands of the local stack. What they do is in `emulator.stack.control` and `emulator.stack.supervise`."""

from __future__ import annotations

import argparse
import shlex
import sys
import threading
from collections.abc import Sequence

from . import gcloud
from .declaration.endpoints import Endpoints
from .errors import AlreadyRunning, NotRunning, StackError, StartFailed
from .paths import MEDIA, stack_paths
from .processes.logfiles import file_of, follow, tail
from .sample import people, streams
from .sample.seed import seed
from .stack import control
from .stack.state import State

_LINES = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status; what went wrong is on stderr."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except StackError as error:
        _say_failed(error)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python local-emulator", description="The local stack.")
    commands_by_name = {"up": _up, "down": _down, "status": _status, "env": _env, "logs": _logs}
    commands_by_name |= {"restart": _restart, "watch": _watch, "gcloud": _gcloud, "gsutil": _gcloud}
    commands = parser.add_subparsers(
        required=True, metavar="up | down | status | env | logs | restart | watch | gcloud | gsutil"
    )

    def add(name: str, help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.add_argument("--stack", default="dev", metavar="NAME", help="which stack; default dev")
        command.set_defaults(command=commands_by_name[name])
        return command

    up = add("up", "bring everything that infra/ declares up on this machine, and return when it is ready")
    up.add_argument("--foreground", action="store_true", help="stay, and stop everything at Ctrl-C")
    up.add_argument(
        "--instances", type=int, default=1, metavar="N", help="of each service and function that may have as many; 1"
    )
    up.add_argument("--keep-logs", action="store_true", help="add to the logs of earlier runs")
    add("down", "stop it; returns when no process of it is left")
    add("status", "what runs, where, and how often it was restarted")
    add("env", "the environment of any client, as lines for a shell: eval $(python local-emulator env)")
    logs = add("logs", "the logs of one resource, or of all")
    logs.add_argument("resource", nargs="?", help="a name that `status` shows, or supervisor; default all")
    logs.add_argument("--follow", action="store_true", help="go on with what is written from now on")
    logs.add_argument("--lines", type=int, default=_LINES, help=f"how many of the last lines; default {_LINES}")
    restart = add(
        "restart", "lay the files of a resource out again and restart it; without a name, of all that changed"
    )
    restart.add_argument(
        "resource", nargs="?", help="a name that `status` shows; default each whose files have changed"
    )
    calls = add("gcloud", "call `gcloud storage …` against this stack instead of Google, as the project's owner")
    calls.add_argument("arguments", nargs=argparse.REMAINDER, metavar="storage …", help="as gcloud takes them")
    calls.set_defaults(tool="gcloud")
    calls = add("gsutil", "call `gsutil …` against this stack, by way of `gcloud storage`")
    calls.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="as gsutil takes them")
    calls.set_defaults(tool="gsutil")
    add(
        "watch", "bring it up, restart what a changed file belongs to, and serve the page with hot reload; until Ctrl-C"
    )
    return parser


def _up(options: argparse.Namespace) -> int:
    if options.foreground:
        from .stack.supervise import supervise

        state = supervise(
            options.stack, clean=not options.keep_logs, instances=options.instances, progress=print, ready=_show
        )
        if state.error:
            raise StartFailed(state.error, tuple(state.log))
        return 0
    try:
        endpoints = control.start(
            options.stack, clean=not options.keep_logs, instances=options.instances, progress=print
        )
    except AlreadyRunning as error:
        print(error)
        return 0
    _show(endpoints)
    return 0


def _show(endpoints: Endpoints) -> None:
    """Seeds the reference marks as brands, where they have been made, and people; says where things are."""
    if (MEDIA / "marks" / "marks.json").exists():
        print(f"{seed(streams.api(endpoints))} brands from {MEDIA / 'marks'}")
    people.invite(streams.api(endpoints))
    print(f"\ndashboard {endpoints.web}\ningest    {endpoints.ingest}\nconsole   {endpoints.console}")
    if endpoints.rtmp:
        print(f"rtmp      {endpoints.rtmp}")
    print(f"sign in   {people.how_to_sign_in()}")


def _down(options: argparse.Namespace) -> int:
    control.stop(options.stack)
    print(f"the stack {options.stack} is down")
    return 0


def _status(options: argparse.Namespace) -> int:
    state = _found(options.stack)
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{state.name}: {state.status}")
    for column in ("resource", "kind", "state", "pid", "port", "restarts"):
        table.add_column(column, no_wrap=True)
    table.add_column("", overflow="fold")
    for resource in sorted(state.resources.values(), key=lambda r: r.port is None):
        numbers = [str(n) if n else "" for n in (resource.pid, resource.port)]
        table.add_row(
            *(resource.name, resource.kind, resource.state, *numbers),
            *(str(resource.restarts) if resource.port else "", resource.detail),
        )
    Console().print(table)
    return 0


def _env(options: argparse.Namespace) -> int:
    for name, value in _endpoints(options.stack).env().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _gcloud(options: argparse.Namespace) -> int:
    called = gcloud.command(options.tool, options.arguments)
    endpoints = _endpoints(options.stack)
    folder = stack_paths(options.stack).base / "gcloud"
    gcloud.replace_process(called, gcloud.environment(endpoints.storage, endpoints.project, folder))
    return 0


def _logs(options: argparse.Namespace) -> int:
    folder = stack_paths(options.stack).logs
    names = sorted(path.stem for path in folder.glob("*.log"))
    if options.resource:
        if file_of(folder, options.resource).stem not in names:
            raise NotRunning(f"there is no log of {options.resource}; there are {', '.join(names) or 'none'}")
        names = [options.resource]
    elif not names:
        raise NotRunning(f"the stack {options.stack} has never been up")
    width = max(len(name) for name in names) if len(names) > 1 else 0
    past = [(name, line) for name in names for line in tail(file_of(folder, name), options.lines)]
    for name, line in sorted(past, key=lambda entry: entry[1])[-options.lines :]:
        _print_line(name, line, width)
    if options.follow:
        running = threading.Event()
        running.set()
        for name, line in follow(folder, names, running):
            _print_line(name, line, width)
    return 0


def _restart(options: argparse.Namespace) -> int:
    restarted = control.restart(options.stack, options.resource)
    print(f"restarted {', '.join(restarted)}" if restarted else "nothing has changed")
    return 0


def _watch(options: argparse.Namespace) -> int:
    from .stack.watch import watch

    try:
        watch(options.stack, lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        return 0  # the way to end it
    return 0


def _print_line(name: str, line: str, width: int) -> None:
    stamp, _, text = line.partition(" ")
    print(f"{stamp} {name:{width}} {text}" if width else line, flush=True)


def _found(name: str) -> State:
    state = control.find(name)
    if not state:
        raise NotRunning(
            f"the stack {name} is not up: python local-emulator up{'' if name == 'dev' else f' --stack {name}'}"
        )
    return state


def _endpoints(name: str) -> Endpoints:
    state = _found(name)
    if not state.endpoints:
        raise NotRunning(f"the stack {state.name} is {state.status}, not ready yet")
    return state.endpoints


def _say_failed(error: StackError) -> None:
    print(f"error: {error}", file=sys.stderr)
    if isinstance(error, StartFailed):
        for line in error.tail:
            print(f"  {line}", file=sys.stderr)
