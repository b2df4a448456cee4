"""`python -m tests.smoke URL`: see the package. The admin key is in ADMIN_KEY."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import requests
from rich.console import Console
from rich.text import Text

from emulator.errors import StackError
from emulator.paths import MEDIA

from .steps import CLEAN_UP, STEPS, Step
from .target import Failed, Target

console = Console(highlight=False)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 where every step passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.smoke", description="Checks a deployment from outside.")
    parser.add_argument("url", help="its page, as `pulumi stack output webUrl` says")
    parser.add_argument("--clip", type=Path, default=MEDIA / "sample.mp4", help="what is streamed (the sample clip)")
    parser.add_argument("--seconds", type=float, default=12.0, help="of it (%(default)s)")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds for what others do (%(default)s)")
    options = parser.parse_args(arguments)
    key = os.environ.get("ADMIN_KEY", "")
    if not key:
        console.print("ADMIN_KEY is not set: `pulumi stack output adminKey --show-secrets` shows it", style="red")
        return 2
    return run(Target(options.url, key, options.clip, options.seconds, options.patience), STEPS, CLEAN_UP)


def run(target: Target, steps: Iterable[Step], last: Step) -> int:
    """Exit status. `last` runs whatever happened before, where there is anything to clean up."""
    passed: set[str] = set()
    failed: set[str] = set()
    try:
        for step in steps:
            _take(target, step, passed, failed)
    finally:
        _take(target, last, passed, failed)
    if failed:
        console.print(Text(f"\nfailed: {', '.join(sorted(failed))}", style="bold red"))
        return 1
    console.print(Text(f"\nall {len(passed)} steps passed", style="bold green"))
    return 0


def _take(target: Target, step: Step, passed: set[str], failed: set[str]) -> None:
    if missing := [name for name in step.needs if name not in passed]:
        console.print(Text(f"  –  {step.name:10} skipped: {' and '.join(missing)} did not pass", style="dim"))
        return
    began = time.monotonic()
    try:
        told = step.check(target)
    except (Failed, StackError, requests.RequestException, KeyError, ValueError) as error:
        failed.add(step.name)
        reason = f"the answer lacks {error}" if isinstance(error, KeyError) else str(error)
        console.print(Text(f"  ✗  {step.name:10} {reason}", style="red"), soft_wrap=True)
        console.print(f"     look at   {target.logs(step.logs, step.workloads)}", soft_wrap=True)
        console.print(f"     and read  {step.guide}", soft_wrap=True)
        return
    passed.add(step.name)
    console.print(Text(f"  ✓  {step.name:10} {told} ({time.monotonic() - began:.1f} s)"), soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
