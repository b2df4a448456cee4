"""`make run`: the whole system on this machine, the sample clip streaming into it, until Ctrl-C.

python -m emulator.sample.run [--clip PATH] [--stack NAME]
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from rich.console import Console
from rich.text import Text

from sender import Push
from sender.errors import Conflict, SendError, Unavailable

from ..declaration.endpoints import Endpoints
from ..errors import StackError, StartFailed
from ..paths import MEDIA
from ..stack.running_stack import using
from . import people, streams
from .live_console import follow
from .media.make import Media
from .seed import seed

STREAM = "demo"
_AGAIN_AFTER = 2.0  # s between attempts to send

console = Console()


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator.sample.run", description="The stack, with a clip looping in."
    )
    parser.add_argument("--clip", type=Path, default=Media(MEDIA).clip, help="a video (the sample clip)")
    parser.add_argument("--stack", default="dev", metavar="NAME", help="which stack (%(default)s)")
    arguments = parser.parse_args()
    try:
        _run(arguments.stack, arguments.clip)
    except KeyboardInterrupt:
        return 0  # the way to end this
    except StackError as error:
        console.print(Text(str(error), style="red"))
        for line in error.tail if isinstance(error, StartFailed) else ():
            console.print(Text(f"  {line}", style="dim"))
        return 1
    return 0


def _run(name: str, clip: Path) -> None:
    """Until interrupted."""
    with using(name, _say, lambda: _say("stopping everything")) as endpoints:
        seed(streams.api(endpoints))
        people.invite(streams.api(endpoints))
        key = streams.recreate(endpoints, STREAM, clip.stem.capitalize())
        console.print(_addresses(endpoints, name), soft_wrap=True)
        _stream(clip, streams.address(endpoints, STREAM), key)


def _say(line: str) -> None:
    console.print(Text(line, style="dim"))


def _stream(clip: Path, url: str, key: str) -> None:
    stop = threading.Event()
    sender = threading.Thread(target=keep_sending, args=(clip, url, key, stop), name="sender")
    sender.start()
    try:
        follow(STREAM, console, stop)
    finally:
        stop.set()
        sender.join(10)


def keep_sending(clip: Path, url: str, key: str, stop: threading.Event) -> None:
    """Loops `clip` into `url` until `stop`; connects again when that breaks off."""
    while not stop.is_set():
        push = Push(str(clip), url, key, loop=True)
        push.start()
        while push.alive and not stop.wait(0.2):
            pass
        push.stop()
        try:
            push.join(8)
        except (Unavailable, Conflict, TimeoutError) as error:
            if not stop.is_set():
                console.print(Text(f"{error}; trying again", style="yellow"))
        except SendError as error:
            console.print(Text(str(error), style="red"))  # trying again would not help
            stop.set()
        stop.wait(_AGAIN_AFTER)


def _addresses(endpoints: Endpoints, name: str) -> Text:
    """One address a line and nothing around it, so that terminals make links of them."""
    again = "" if name == "dev" else f" --stack {name}"
    rows = (
        ("dashboard", streams.page(endpoints, STREAM)),
        ("ingest", streams.address(endpoints, STREAM)),
        *((("rtmp", endpoints.rtmp),) if endpoints.rtmp else ()),
        ("console", endpoints.console),
        ("sign in", people.how_to_sign_in()),
        ("clients", f"eval $(python local-emulator env{again})"),
    )
    text = Text("\nMedia Analyzer is live; Ctrl-C stops everything\n\n", style="bold")
    for label, address in rows:
        text.append(f"  {label:11}", style="not bold").append(f"{address}\n", style="cyan not bold")
    return text


if __name__ == "__main__":
    sys.exit(main())
