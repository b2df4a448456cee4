"""`python3 .github/release_notes.py v0.2.0`: the changelog's section of a version, for the release on GitHub.

Fails unless the tag, every pyproject.toml and web/package.json name the same version, and the changelog has a dated
section for it.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def versions(root: Path = ROOT) -> dict[str, str]:
    """The version that each file names."""
    package, lock = (json.loads((root / "web" / name).read_text()) for name in ("package.json", "package-lock.json"))
    packages = ("pyproject.toml", "runner/sender/pyproject.toml", "runner/media_analyzer/pyproject.toml")
    return {
        **{file: tomllib.loads((root / file).read_text())["project"]["version"] for file in packages},
        "web/package.json": package["version"],
        "web/package-lock.json": lock["version"],
        "web/package-lock.json, its root": lock["packages"][""]["version"],
    }


def section(changelog: str, version: str) -> str:
    """What stands below `## VERSION, DATE`, up to the next version. Raises ValueError if there is no such heading."""
    found = re.search(rf"^## {re.escape(version)}, \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    if not found or not found[1].strip():
        raise ValueError(f"CHANGELOG.md: expected a section '## {version}, YYYY-MM-DD' with text below it")
    return found[1].strip() + "\n"


def notes(tag: str, root: Path = ROOT) -> str:
    """The release's text. Raises ValueError if `tag` is not `v` and the version that every file names."""
    wrong = {file: version for file, version in versions(root).items() if f"v{version}" != tag}
    if wrong:
        raise ValueError(
            f"tag {tag!r}: expected v and the version of {', '.join(f'{f} ({v})' for f, v in wrong.items())}"
        )
    return section((root / "CHANGELOG.md").read_text(), tag.removeprefix("v"))


if __name__ == "__main__":
    try:
        sys.stdout.write(notes(sys.argv[1]))
    except ValueError as error:
        sys.exit(str(error))
