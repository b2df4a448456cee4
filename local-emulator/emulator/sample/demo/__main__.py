"""`python -m emulator.sample.demo`: see the package."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from secrets import token_hex

import av
from av.error import FFmpegError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from ...declaration.endpoints import Endpoints
from ...errors import StackError, StartFailed
from ...paths import HARD, LOCAL
from ...stack.running_stack import using
from .. import streams
from ..seed import seed
from .dead import dead_letters
from .report import Report
from .session import Run, run
from .truth import compare, strangers

console = Console()


def main() -> int:
    """Exit status: 0 only if everything arrived and nothing failed."""
    arguments = _arguments()
    try:
        length = arguments.seconds or _duration(arguments.clip)
    except (FFmpegError, OSError) as error:
        _fail(f"{arguments.clip} is not a video: {error}; give one with --clip (make demo CLIP=path)")
        return 2
    try:
        with using(arguments.stack, _say, lambda: _say("stopping the stack")) as endpoints:
            report = _demonstrate(endpoints, arguments.clip, arguments.seconds, length)
    except StackError as error:
        _fail(str(error))
        for line in error.tail if isinstance(error, StartFailed) else ():
            _say(f"  {line}")
        return 1
    except KeyboardInterrupt:
        return 130
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report.to_json(), indent=1) + "\n")
    report.show(console)
    console.print(arguments.out, style="dim", soft_wrap=True)
    return 1 if report.errors else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m emulator.sample.demo", description="A clip through the stack, once."
    )
    parser.add_argument("--clip", type=Path, default=HARD, help="a video (%(default)s)")
    parser.add_argument("--seconds", type=float, metavar="N", help="cut, or loop, the clip to N seconds")
    parser.add_argument("--stack", metavar="NAME", default="demo", help="which stack (%(default)s)")
    parser.add_argument("--out", type=Path, default=LOCAL / "demo.json", help="where the numbers go (%(default)s)")
    return parser.parse_args()


def _demonstrate(endpoints: Endpoints, clip: Path, seconds: float | None, length: float | None) -> Report:
    seed(streams.api(endpoints))
    stream = f"demo-{token_hex(3)}"
    console.print(f"Watch it at {streams.page(endpoints, stream)}", soft_wrap=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Sending", total=length)

        def tell(state: Run) -> None:
            progress.update(task, description=_line(state), completed=state.seconds)

        done = run(endpoints, clip, seconds, stream, tell)
    errors = [*done.errors, *done.ledger.missing(), *done.ledger.errors(), *dead_letters(endpoints, stream)]
    truth_file = clip.with_suffix(".truth.json")
    if not truth_file.exists():
        return Report(done.ledger, errors, [], [])
    truth, seen = json.loads(truth_file.read_text()), done.ledger.sightings()
    verdicts = compare(truth, seen, done.seconds, done.ledger.looked())
    return Report(done.ledger, errors, verdicts, strangers(truth, seen, done.seconds), truth.get("note", ""))


def _say(line: str) -> None:
    console.print(Text(line, style="dim"))


def _fail(line: str) -> None:
    console.print(Text(line, style="red"))


def _duration(clip: Path) -> float | None:
    """Seconds, where the file says so."""
    with av.open(str(clip)) as container:
        return container.duration / av.time_base if container.duration else None


def _line(state: Run) -> str:
    ledger = state.ledger
    complete = sum(frame.done is not None for frame in ledger.frames.values())
    of = f"/{ledger.expected}" if ledger.expected is not None else ""
    return (
        f"{state.seconds:5.1f} s sent at {state.push.progress.bit_rate / 1e6:.1f} Mbit/s · "
        f"{len(ledger.segments)}{of} segments sampled · {complete}/{len(ledger.frames)} frames analysed"
    )


if __name__ == "__main__":
    sys.exit(main())
