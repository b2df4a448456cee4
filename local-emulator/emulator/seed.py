"""Puts the reference marks into a running stack: `python -m emulator.seed [--stack NAME]`.

Marks become objects `brands/{brand}/{name}` and documents `brands/{brand}`. Done twice, it changes nothing: what a
person has changed of a brand stays.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from pipeline import names
from pipeline.clients import media_bucket
from pipeline.errors import Conflict
from pipeline.model import Brand
from pipeline.store import brands

from . import stack
from .paths import MEDIA


def seed(media: Path = MEDIA) -> int:
    """Seeds the marks under `media`/marks into the stack that the environment names; returns how many brands.

    Raises FileNotFoundError where the marks have not been made.
    """
    folder = media / "marks"
    gallery: dict[str, dict[str, Any]] = json.loads((folder / "marks.json").read_text())
    for brand, facts in gallery.items():
        references = [_upload(brand, folder / file) for file in facts["files"]]
        _write(brand, facts["name"], facts["aliases"], references)
    return len(gallery)


def _upload(brand: str, file: Path) -> str:
    """The name of the object that holds `file`, uploaded unless it is there."""
    name = f"{names.BRANDS}{brand}/{file.name}"
    data = file.read_bytes()
    there = media_bucket().get_blob(name)
    if there is None or there.md5_hash != base64.b64encode(hashlib.md5(data).digest()).decode():
        media_bucket().blob(name).upload_from_string(data, content_type="image/png")
    return name


def _write(brand: str, name: str, aliases: list[str], references: list[str]) -> None:
    try:
        brands.create(Brand(brand, name, tuple(aliases), references=tuple(references)))
    except Conflict:
        brands.change(brand, {"references": references})


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m emulator.seed", description="Reference marks for a stack.")
    parser.add_argument("--stack", default="dev", metavar="NAME", help="which stack (%(default)s)")
    name: str = parser.parse_args().stack
    endpoints = stack.running(name)
    if endpoints is None:
        print(f"the stack {name} is not up: python local-emulator up --stack {name}", file=sys.stderr)  # noqa: T201
        return 1
    os.environ.update(endpoints.env())
    print(f"{seed()} brands")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
