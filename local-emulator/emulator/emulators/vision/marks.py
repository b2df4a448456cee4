"""Reference marks from a folder: `marks.json` and the pictures it names.

{"<brand id>": {"name": "Nike", "aliases": [], "files": ["nike/black.png"]}}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.detection.logos import Mark
from pipeline.documents.references import picture

from .errors import MarksError

_EXPECTED = '{"nike": {"name": "Nike", "aliases": [], "files": ["nike/black.png"]}}'


def load_marks(folder: Path) -> list[Mark]:
    """All marks, each under its brand's name as people read it. Raises MarksError."""
    index = folder / "marks.json"
    try:
        brands: dict[str, Any] = json.loads(index.read_text())
    except FileNotFoundError:
        raise MarksError(f"{index} does not exist: make the marks with `python -m emulator.sample.media`") from None
    except (OSError, ValueError) as error:
        raise MarksError(f"{index} cannot be read: {error}") from error
    try:
        entries = [(str(brand["name"]), str(file)) for brand in brands.values() for file in brand["files"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise MarksError(f"{index} is not of the form {_EXPECTED}: {error!r}") from error
    return [_mark(name, folder, file) for name, file in entries]


def _mark(name: str, folder: Path, file: str) -> Mark:
    path = folder / file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MarksError(f"the mark {file} of {name!r} cannot be read: {error}") from error
    image = picture.decode(data)
    if image is None:
        raise MarksError(f"invalid mark {file} of {name!r}: expected an 8-bit PNG or JPEG that OpenCV can read")
    return Mark(name, image)
