"""Debian's buildah, which builds an image without a daemon, and a base to build on where no registry can be reached.

The base is Debian with its own Python and pip, made once from Debian's packages and kept. It stands in for the one that
the Dockerfiles name: the same release of Debian, the same minor version of Python, another build of it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".local" / "cache" / "images"
RELEASE = "bookworm"
BASE = f"localhost/stand-in:{RELEASE}"
PACKAGES = "python3,python3-pip,python-is-python3,ca-certificates"
NEEDED = ("buildah", "mmdebstrap")
# How this machine reaches its indexes: pip's configuration and who it trusts. Mounted while building, never copied.
MACHINES_OWN = ("/etc/ssl/certs", "/etc/pip.conf", "/etc/xdg/pip")


def missing() -> str:
    """What keeps images from being built here; empty where nothing does."""
    if os.geteuid() != 0:
        return "building in a chroot needs root"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        return "building in a chroot needs mounts, which this machine does not allow"
    absent = [program for program in NEEDED if shutil.which(program) is None]
    return f"not installed: {' '.join(absent)} (Debian: apt-get install {' '.join(NEEDED)})" if absent else ""


def buildah(*arguments: str) -> str:
    """What it says. Raises RuntimeError with all of it where it fails."""
    command = [
        "buildah",
        "--root",
        str(KEPT.resolve() / "storage"),
        "--runroot",
        str(KEPT.resolve() / "run"),
        *arguments,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        )
    return done.stdout.strip()


def make_base() -> None:
    """Makes the base where it is not kept. Raises subprocess.CalledProcessError where Debian's mirror gives none."""
    if BASE in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    packed = KEPT / f"{RELEASE}.tar"
    slim = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("man", "doc", "locale")]
    options = [f"--include={PACKAGES}", *slim, '--aptopt=APT::Install-Recommends "false"']
    subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", *options, RELEASE, packed, _mirror()], check=True)
    with working("scratch") as container:
        buildah("add", "--quiet", container, str(packed.resolve()), "/")
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        # Debian keeps pip out of its own Python; in the official image pip may install.
        buildah("config", "--env", f"PATH={path}", "--env", "PIP_BREAK_SYSTEM_PACKAGES=1", container)
        buildah("commit", "--quiet", container, BASE)
    packed.unlink()


def build(dockerfile: Path) -> str:
    """The image's name. Every instruction is carried out, with the repository as its context."""
    name = f"localhost/{dockerfile.parent.name}"
    mounts = [f"--volume={path}:{path}:ro" for path in MACHINES_OWN if Path(path).exists()]
    buildah(
        "build",
        "--isolation=chroot",
        "--layers=false",
        f"--from={BASE}",
        *mounts,
        f"--tag={name}",
        f"--file={dockerfile}",
        ".",
    )
    return name


def configuration(image: str) -> Mapping[str, Any]:
    """What the image says of itself: Cmd, Env, User, WorkingDir."""
    return json.loads(buildah("inspect", "--type=image", image))["OCIv1"]["config"]


@contextmanager
def working(image: str) -> Generator[str]:
    """A container of `image`, removed afterwards."""
    container = buildah("from", "--pull-never", image).splitlines()[-1]
    try:
        yield container
    finally:
        buildah("rm", container)


def starting(container: str, command: list[str], env: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """`command` in the container as its user, on this machine's network; what it writes goes to `log`."""
    given = [f"--env={name}={value}" for name, value in env.items()]
    storage = ["--root", str(KEPT.resolve() / "storage"), "--runroot", str(KEPT.resolve() / "run")]
    line = ["buildah", *storage, "run", "--isolation=chroot", *given, container, "--", *command]
    with log.open("wb") as output:
        return subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)


def _mirror() -> str:
    """Where this machine's apt gets Debian from."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    text = "\n".join(file.read_text() for file in files if file.is_file())
    found = re.search(r"https?://\S+/debian/?(?=\s)", text)
    return found[0] if found else "http://deb.debian.org/debian"
