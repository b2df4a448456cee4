"""Reads the few Dockerfile instructions that our images use; anything else is an error that names the line.

FROM, WORKDIR, COPY, ENV, EXPOSE, USER, HEALTHCHECK, CMD (exec form). RUN is kept for people to see and not run, but for
`pip install -r FILE`: the local stack makes an environment from the same files. tests/images runs them all.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath

from ...errors import DockerfileError
from .dockerignore import ignored


@dataclass(slots=True)
class Image:
    """An image: its contents and its command. `files` maps an absolute path in it to a file of the build context;
    pip installs from the `requirements` among them. Its `name` is that of the folder of its `dockerfile`."""

    name: str
    dockerfile: Path
    base: str = ""
    workdir: PurePosixPath = PurePosixPath("/")
    env: dict[str, str] = field(default_factory=dict[str, str])
    files: dict[PurePosixPath, Path] = field(default_factory=dict[PurePosixPath, Path])
    runs: list[str] = field(default_factory=list[str])
    requirements: list[PurePosixPath] = field(default_factory=list[PurePosixPath])
    port: int | None = None
    user: str = "root"
    command: tuple[str, ...] = ()


def read_dockerfile(path: Path, context: Path) -> Image:
    """The image that `path` builds from the folder `context`. Raises DockerfileError."""
    image = Image(path.parent.name, path)
    for number, line in _logical_lines(path.read_text()):
        word, _, rest = line.partition(" ")
        try:
            _apply(image, word.upper(), rest.strip(), context)
        except ValueError as error:
            raise DockerfileError(f"{path}:{number}: {line!r}: {error}") from error
    if not image.base or not image.command:
        raise DockerfileError(f"{path}: it needs a FROM and a CMD")
    return image


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """(number of its first line, instruction) without comments, with continued lines joined."""
    found: list[tuple[int, str]] = []
    joining = False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        piece = line.removesuffix("\\").strip()
        if joining:
            found[-1] = (found[-1][0], f"{found[-1][1]} {piece}")
        else:
            found.append((number, piece))
        joining = line.endswith("\\")
    return found


def _apply(image: Image, word: str, rest: str, context: Path) -> None:
    """Raises ValueError with what is wrong."""
    match word:
        case "FROM":
            if image.base:
                raise ValueError("one stage only")
            image.base = rest
        case "WORKDIR":
            image.workdir = image.workdir / rest
        case "COPY":
            _copy(image, rest, context)
        case "ENV":
            image.env |= _pairs(rest)
        case "RUN":
            image.runs.append(rest)
            image.requirements += _requirements(image, rest)
        case "EXPOSE":
            image.port = int(rest.removesuffix("/tcp"))
        case "HEALTHCHECK":
            pass  # the stack asks its processes itself
        case "USER":
            image.user = rest
        case "CMD":
            image.command = _exec_form(rest)
        case _:
            raise ValueError(
                f"{word} is not supported; use FROM, WORKDIR, COPY, ENV, RUN, EXPOSE, USER, HEALTHCHECK, CMD"
            )


def _requirements(image: Image, rest: str) -> list[PurePosixPath]:
    """The files that `pip install` is given with -r."""
    command = rest.partition("&&")[0].split()
    if command[:2] != ["pip", "install"]:
        return []
    found = [image.workdir / name for option, name in pairwise(command) if option in ("-r", "--requirement")]
    if missing := [path for path in found if path not in image.files]:
        raise ValueError(f"{missing[0]} is not in the image: COPY it first")
    return found


def _exec_form(rest: str) -> tuple[str, ...]:
    try:
        words = json.loads(rest)
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise ValueError('use the exec form, CMD ["program", "argument"]: without a shell, signals reach the program')
    return tuple(words)


def _pairs(rest: str) -> dict[str, str]:
    pairs = [word.partition("=") for word in shlex.split(rest)]
    if not pairs or not all(key and equals for key, equals, _ in pairs):
        raise ValueError("use ENV KEY=value")
    if any("$" in value for _, _, value in pairs):
        raise ValueError("variables in values are not supported")
    return {key: value for key, _, value in pairs}


def _copy(image: Image, rest: str, context: Path) -> None:
    words = shlex.split(rest)
    if any(word.startswith("--") and not word.startswith("--chown=") for word in words):
        raise ValueError("COPY takes no option but --chown")
    *sources, target = [word for word in words if not word.startswith("--")]
    if not sources:
        raise ValueError("COPY needs a source and a target")
    destination, left_out = image.workdir / target, ignored(context)
    for source in sources:
        path = (context / source).resolve()
        if not path.is_relative_to(context.resolve()):
            raise ValueError(f"{source} is outside the build context")
        if path.is_dir():  # as Docker does: a folder's contents, not the folder
            files = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
            inner = sorted(file for file in files if not left_out(file.relative_to(context.resolve()).as_posix()))
            image.files |= {destination / file.relative_to(path).as_posix(): file for file in inner}
        elif path.is_file() and not left_out(source):
            into_folder = len(sources) > 1 or target.endswith("/") or target in (".", "./")
            image.files[destination / path.name if into_folder else destination] = path
        else:
            raise ValueError(f"{source} does not exist in the build context, or .dockerignore leaves it out")
