"""The marks: well-known brands of simple-icons, chosen by fame and not by looks, each drawn once in its colour."""

from __future__ import annotations

import json
import re
import tarfile
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np

from emulator.sample.media.make import CACHE
from emulator.sample.media.marks import CATALOG, draw, fetch
from pipeline.detection.logos import Mark

from . import split
from .split import Part

SIDE = 512  # pixels of the longer side
GALLERY = 24  # marks that are looked for; the rest of a part are strangers: in scenes, but not in the gallery
ALIKE = {  # pairs of one another's neighbours in shape
    Part.TUNING: "bitcoin dogecoin googlesheets googleslides libreofficeimpress libreofficecalc couchbase enterprisedb",
    Part.REPORTING: "git gitforwindows googleforms googledocs postman safari bitcoincash zcash",
}
WORDS = {Part.TUNING: "nikon vmware netgear aliexpress", Part.REPORTING: "nokia fujifilm nasa astonmartin"}
WIDE = 2.2  # width over height, from which a mark is taken for a wordmark
FAMOUS = (Path(__file__).parent / "famous.txt").read_text().split()  # names of simple-icons


def gallery(part: Part) -> list[Mark]:
    """GALLERY marks to look for, BGRA; brands are simple-icons' names."""
    return [_mark(name) for name in _names(part)[:GALLERY]]


def strangers(part: Part) -> list[Mark]:
    """Marks that are in no gallery."""
    return [_mark(name) for name in _names(part)[GALLERY:]]


def broad(part: Part) -> list[Mark]:
    """30 marks to look for: famous ones, pairs that are alike, and words."""
    others = [*ALIKE[part].split(), *WORDS[part].split()]
    return [_mark(name) for name in [*_names(part)[: 30 - len(others)], *others]]


def many(part: Part, count: int) -> list[Mark]:
    """That many marks of simple-icons, famous or not."""
    names = split.of(part, _drawings())[:count]
    return [_mark(name) for name in names]


def wordmarks(part: Part) -> set[str]:
    """Those of `broad` that are wide."""
    return {mark.brand for mark in broad(part) if mark.image.shape[1] >= WIDE * mark.image.shape[0]}


def _names(part: Part) -> list[str]:
    """The sample clip's marks have always been tuned on, so they come first there and are never reported."""
    tuned = [mark.brand for mark in CATALOG]
    names = split.of(part, set(FAMOUS) - set(tuned))
    return [*tuned, *names] if part is Part.TUNING else names


def _mark(name: str) -> Mark:
    path, color = _drawings()[name]
    return Mark(name, np.asarray(draw(path, color, SIDE), np.uint8))


@cache
def _drawings() -> dict[str, tuple[str, str]]:
    """SVG path data and #rrggbb by name."""
    paths: dict[str, str] = {}
    colors: dict[str, str] = {}
    with tarfile.open(fetch(CACHE)) as package:
        for member in package:
            stored = package.extractfile(member)
            text = stored.read().decode() if stored and member.name.endswith((".svg", ".json")) else ""
            if found := re.fullmatch(r"package/icons/(.+)\.svg", member.name):
                paths[found[1]] = cast("re.Match[str]", re.search(r'<path d="([^"]+)"', text))[1]
            elif member.name.endswith("data/simple-icons.json"):
                colors = {icon["slug"]: f"#{icon['hex']}" for icon in json.loads(text)}
    return {name: (paths[name], colors[name]) for name in paths if name in colors}
