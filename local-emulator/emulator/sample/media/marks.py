"""Reference marks: brand logos of the npm package simple-icons (CC0), drawn as PNGs with alpha, cut to the glyph.

simple-icons draws each mark as one path. The package is fetched with `npm pack`, checked against a pinned checksum and
kept; the drawings are read from the archive itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray

from pipeline.domain.errors import Unavailable

VERSION = "16.37.0"
SHA512 = "8mCJIhpMYOL9g13GW59EiL3sVXJnTEKGCTZFaekl9UQ3Qo0SwVjnLaJ82QiaH8BKBdouEDzrHMXIWh8cBIy48A=="
REFERENCE_SIDE = 512  # px, the longer side of a reference mark

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Mark:
    """A brand's mark: `color` as #rrggbb."""

    brand: str
    name: str
    color: str
    aliases: tuple[str, ...] = ()


# Those of the clip come first, so that a smaller gallery still holds them. Names of icons are the brands' ids.
CATALOG = (
    Mark("nike", "Nike", "#111111", ("Nike swoosh",)),
    Mark("starbucks", "Starbucks", "#006241", ("Starbucks Coffee",)),
    Mark("adidas", "adidas", "#000000"),
    Mark("spotify", "Spotify", "#1ed760"),
    Mark("shell", "Shell", "#ffd500"),
    Mark("toyota", "Toyota", "#eb0a1e"),
    Mark("puma", "Puma", "#242b2f"),
    Mark("mastercard", "Mastercard", "#eb001b"),
    Mark("mcdonalds", "McDonald's", "#fbc817", ("McDonalds",)),
    Mark("playstation", "PlayStation", "#0070d1"),
    Mark("volkswagen", "Volkswagen", "#151f5d", ("VW",)),
    Mark("underarmour", "Under Armour", "#1d1d1d"),
)


def write_gallery(out: Path, archive: Path, count: int) -> None:
    """Writes `marks.json` and each mark's PNGs under `out`, which exists."""
    listing: dict[str, object] = {}
    for mark in CATALOG[:count]:
        folder = out / mark.brand
        folder.mkdir(exist_ok=True)
        path = read_path(archive, mark.brand)
        inks = {"black": "#000000"} | ({"color": mark.color} if _differs_from_black(mark.color) else {})
        for name, ink in inks.items():
            cv2.imwrite(str(folder / f"{name}.png"), draw(path, ink, REFERENCE_SIDE))
        files = [f"{mark.brand}/{name}.png" for name in inks]
        listing[mark.brand] = {"name": mark.name, "aliases": list(mark.aliases), "files": files}
    (out / "marks.json").write_text(json.dumps(listing, indent=2) + "\n")


def draw(path: str, ink: str, side: int) -> Picture:
    """The glyph as BGRA, cut to its ink, its longer side `side` px. `path` is SVG path data on a 24 by 24 canvas."""
    small = _alpha_box(_rasterise(path, ink, 256))
    # Drawn so large that the ink's longer side comes out at `side`, give or take the rounding that resize removes.
    large = _alpha_box(_rasterise(path, ink, round(256 * side / max(small.shape[:2]))))
    scale = side / max(large.shape[:2])
    size = (max(1, round(large.shape[1] * scale)), max(1, round(large.shape[0] * scale)))
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)


def fetch(cache: Path) -> Path:
    """The package's archive in `cache`, fetched if it is not there. Raises Unavailable."""
    archive = cache / f"simple-icons-{VERSION}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", f"simple-icons@{VERSION}", "--pack-destination", str(cache), "--silent"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        except FileNotFoundError:
            raise Unavailable("npm is not installed: it fetches the brand marks (Debian: apt install npm)") from None
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"npm could not fetch simple-icons {VERSION}: {error.stderr.strip()}") from error
        except subprocess.TimeoutExpired:
            raise Unavailable(f"npm did not fetch simple-icons {VERSION} within 120 s") from None
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        archive.unlink()
        raise Unavailable(f"{archive} was not what simple-icons {VERSION} should be and was removed: run this again")
    return archive


def read_path(archive: Path, icon: str) -> str:
    """The SVG path data of `icon`."""
    with tarfile.open(archive) as package:
        member = package.extractfile(f"package/icons/{icon}.svg")
        found = re.search(r'<path d="([^"]+)"', member.read().decode() if member else "")
    if not found:
        raise ValueError(f"simple-icons {VERSION} draws {icon!r} in an unexpected way: expected one <path>")
    return found[1]


def _rasterise(path: str, ink: str, side: int) -> Picture:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="{ink}" d="{path}"/></svg>'
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True))
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)


def _alpha_box(picture: Picture) -> Picture:
    x, y, width, height = cv2.boundingRect(np.where(picture[:, :, 3] > 127, np.uint8(255), np.uint8(0)))
    return picture[y : y + height, x : x + width]


def _differs_from_black(color: str) -> bool:
    return max(int(color[i : i + 2], 16) for i in (1, 3, 5)) > 0x40
