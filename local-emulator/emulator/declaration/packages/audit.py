"""`python -m emulator.declaration.packages.audit`: known vulnerabilities of what the locks hold (`make audit`).

pip-audit asks PyPI about the lock at the top and CLIP's, npm its registry about the page's. The exit status is 1 if
a vulnerability is known, and 2 if a service did not answer, which is printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...paths import ROOT

# Run by uv in an environment of its own: it wants another pip than everything else.
PIP_AUDIT = ("uv", "tool", "run", "--quiet", "pip-audit==2.10.1")
OPTIONS = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r")


@dataclass(frozen=True, slots=True)
class Answer:
    """The vulnerabilities of one lock: `found` in words, or the reason why they are unknown."""

    of: str
    found: tuple[str, ...] = ()
    silent: str = ""


def python(lock: Path, root: Path = ROOT) -> Answer:
    """Asks about a lock of Python packages."""
    done = _run([*PIP_AUDIT, *OPTIONS, str(lock)], root)
    return of_pip_audit(lock.relative_to(root).as_posix(), done.stdout, done.stderr)


def page(root: Path = ROOT) -> Answer:
    """Asks about the page's packages."""
    done = _run(["npm", "--prefix", "web", "audit", "--json"], root)
    return of_npm(done.stdout, done.stderr)


def of_pip_audit(name: str, output: str, said: str) -> Answer:
    """From what pip-audit writes."""
    if (report := _report(output)) is None or "dependencies" not in report:
        return Answer(name, silent=_last(said))
    packages: Sequence[Mapping[str, Any]] = report["dependencies"]
    found = [f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", ())]
    skipped = [p["skip_reason"] for p in packages if "skip_reason" in p]
    silent = f"{len(skipped)} of {len(packages)} packages were not audited; {skipped[0]}" if skipped else ""
    return Answer(name, tuple(found), silent)


def of_npm(output: str, said: str) -> Answer:
    """From what `npm audit --json` writes."""
    name = "web/package-lock.json"
    if (report := _report(output)) is None or "vulnerabilities" not in report:
        return Answer(name, silent=_last(str((report or {}).get("message") or said)))
    vulnerabilities: Mapping[str, Mapping[str, Any]] = report["vulnerabilities"]
    return Answer(name, tuple(f"{package} {v['range']}: {v['severity']}" for package, v in vulnerabilities.items()))


def _run(command: Sequence[str], root: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(command, cwd=root, env={**os.environ, "PATH": path}, capture_output=True, text=True)


def _report(output: str) -> dict[str, Any] | None:
    try:
        report = json.loads(output)
    except ValueError:
        return None
    return report if isinstance(report, dict) else None


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def main() -> int:
    """The exit status."""
    answers = [python(ROOT / "requirements.txt"), python(ROOT / "runner/clip/requirements.txt"), page()]
    for answer in answers:
        silent = [f"the service does not answer: {answer.silent}"] if answer.silent else []
        sys.stdout.write(f"{answer.of}: {'; '.join([*answer.found, *silent]) or 'no vulnerability is known'}\n")
    if any(answer.found for answer in answers):
        return 1
    return 2 if any(answer.silent for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
