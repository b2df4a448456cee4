"""Makes the tiny CLIP of tests/fixtures: `python -m tests.eval.tiny_clip` (some minutes).

It learns the sample clip's twelve marks, on the tuning part's pictures, and the tuning part's other marks as strangers:
nothing that is reported.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from emulator.sample.media.marks import CATALOG
from emulator.sample.tiny_clip import train

from . import marks, pictures
from .split import Part

FIXTURE = Path(__file__).parents[1] / "fixtures" / "tiny-clip"
STRANGERS = 48


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FIXTURE)
    given, further = parser.parse_known_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        known = {mark.brand: mark.name for mark in CATALOG}
        everything = [*marks.gallery(Part.TUNING), *marks.strangers(Part.TUNING)]
        _write(folder / "marks", {known[mark.brand]: mark.image for mark in everything if mark.brand in known})
        others = [mark for mark in everything if mark.brand not in known][:STRANGERS]
        _write(folder / "strangers", {mark.brand: mark.image for mark in others})
        _write(folder / "pictures", {f"{i:03d}": p for i, p in enumerate(pictures.pictures(Part.TUNING))})
        folders = [part for kind in ("marks", "strangers", "pictures") for part in (f"--{kind}", str(folder / kind))]
        train.main([*folders, "--out", str(given.out), *further])


def _write(folder: Path, images: dict[str, np.ndarray]) -> None:
    folder.mkdir()
    for name, image in images.items():
        if not cv2.imwrite(str(folder / f"{name}.png"), image):
            raise OSError(f"{name} could not be written")


if __name__ == "__main__":
    main()
