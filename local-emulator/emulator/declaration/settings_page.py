"""The tables of docs/settings.md, written from the declared settings: `python -m emulator.declaration.settings_page`.

A table stands between `<!-- NAME: … -->` and `<!-- end -->`; all other text of the page is written by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..paths import ROOT

PAGE = ROOT / "docs" / "settings.md"
_TABLE = re.compile(r"(<!-- (\w+): [^>]* -->\n).*?(<!-- end -->)", re.DOTALL)


def written(page: str) -> str:
    """The page with its tables as they are declared now. Raises KeyError for a table that is not known."""
    return _TABLE.sub(lambda table: "".join((table[1], *(f"{row}\n" for row in TABLES[table[2]]()), table[3])), page)


def deployment() -> Iterator[str]:
    """Settings of the Pulumi program, but for those that only become a variable of workloads."""
    yield from ("| setting | default | meaning |", "| --- | --- | --- |")
    for one in _deployment():
        if not one.variable:
            meaning = f"{one.help} (`--secret`)" if one.secret else one.help
            yield f"| `{one.name}` | {f'`{one.default}`' if one.default else one.unset} | {meaning} |"


def environment() -> Iterator[str]:
    """Variables that the deployables read, with the setting of the Pulumi program that a variable can be set by."""
    set_by = {one.variable: f"`{one.name}`" for one in _deployment() if one.variable}
    yield from ("| variable | default | setting | meaning |", "| --- | --- | --- | --- |")
    for one in variables():
        default = "required" if one.default is None else f"`{one.default}`" if one.default else "none"
        yield f"| `{one.variable}` | {default} | {set_by.get(one.variable, '')} | {one.help} |"


def variables() -> tuple[Any, ...]:
    """Every variable that a deployable declares: objects with `variable`, `help` and `default`."""
    for package in ("pipeline", *(path.parent.name for path in (ROOT / "runner").glob("*/__init__.py"))):
        _import_settings(package)
    return importlib.import_module("pipeline.domain.settings").declared()


def _import_settings(package: str) -> None:
    """Imports the modules of `package` that declare settings, and no others: some take seconds."""
    path = importlib.import_module(package).__path__
    for module in pkgutil.walk_packages(path, f"{package}."):
        spec = module.module_finder.find_spec(module.name, None)  # pyright: ignore[reportCallIssue]
        if spec and spec.origin and " setting(" in Path(spec.origin).read_text():
            importlib.import_module(module.name)


def _deployment() -> tuple[Any, ...]:
    return importlib.import_module("settings").declared()


TABLES: Mapping[str, Callable[[], Iterator[str]]] = {"deployment": deployment, "environment": environment}


def main() -> int:
    """The exit status: 0."""
    PAGE.write_text(written(PAGE.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
