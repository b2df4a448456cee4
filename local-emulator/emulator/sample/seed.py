"""Puts the example marks into a deployment as brands, over its API, so that its first stream shows something.

python -m emulator.sample.seed [--stack NAME | --url URL]     `make seed URL=… KEY=…`

The key of a deployment is in ADMIN_KEY. Done twice, it changes nothing: a brand that is there keeps what a person has
said of it, and gets the marks that it lacks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..errors import CallFailed, StackError
from ..paths import MEDIA
from ..stack import control
from . import streams
from .api import Api, deployment

_AT_ONCE = 6
_CONFLICT = 409
_LATER = "?notice=later"  # each change that is noticed at once is a write of one document, which takes one a second


def seed(api: Api, media: Path = MEDIA) -> int:
    """Seeds the marks under `media`/marks; returns how many brands. Raises FileNotFoundError where they have not been
    made, and CallFailed."""
    folder = media / "marks"
    gallery: dict[str, dict[str, Any]] = json.loads((folder / "marks.json").read_text())

    def put(brand: str) -> None:
        _brand(api, brand, gallery[brand], folder)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        brands = list(pool.map(put, gallery))
    last = next(reversed(gallery))
    _mark(api, last, folder / gallery[last]["files"][-1])  # it is there, and running streams notice them all
    return len(brands)


def _brand(api: Api, brand: str, facts: dict[str, Any], folder: Path) -> None:
    try:
        api.ask("POST", f"/brands{_LATER}", {"id": brand, "name": facts["name"], "aliases": facts["aliases"]})
    except CallFailed as error:
        if error.status != _CONFLICT:
            raise
    for file in facts["files"]:
        _mark(api, brand, folder / file, _LATER)


def _mark(api: Api, brand: str, file: Path, notice: str = "") -> None:
    api.ask("POST", f"/brands/{brand}/references{notice}", file.read_bytes())


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator.sample.seed", description="Example marks for a deployment."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stack", default="dev", metavar="NAME", help="which local stack (%(default)s)")
    where.add_argument("--url", metavar="URL", help="the page of a deployment; its admin key is in ADMIN_KEY")
    options = parser.parse_args()
    try:
        print(f"{seed(_api(options.url, options.stack))} brands")  # noqa: T201
    except StackError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _api(url: str | None, name: str) -> Api:
    if url:
        key = os.environ.get("ADMIN_KEY", "")
        if not key:
            raise StackError("ADMIN_KEY is not set: `pulumi stack output adminKey --show-secrets` shows it")
        return deployment(url, key).api
    endpoints = control.running(name)
    if endpoints is None:
        raise StackError(f"the stack {name} is not up: python local-emulator up --stack {name}")
    return streams.api(endpoints)


if __name__ == "__main__":
    sys.exit(main())
