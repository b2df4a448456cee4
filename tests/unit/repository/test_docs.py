"""Nothing is undocumented: settings, errors, events, documents' fields."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import clip
import front
import importer
import ingest
import pipeline
import rtmp
from pipeline import errors, metrics, settings

ROOT = Path(__file__).parents[3]


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def load_all(package: object) -> None:
    """Imports every module of a package, so that it declares its settings."""
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):  # type: ignore[attr-defined]
        if not module.name.endswith(("__main__", ".conf")):
            importlib.import_module(module.name)


def subclasses(cls: type) -> set[type]:
    return {cls}.union(*(subclasses(child) for child in cls.__subclasses__()))


def test_every_environment_variable_is_documented() -> None:
    load_all(pipeline)
    load_all(front)
    load_all(ingest)
    load_all(importer)
    load_all(rtmp)
    load_all(clip)
    assert len(settings.declared()) > 5
    text = doc("settings.md")
    assert [s.variable for s in settings.declared() if f"`{s.variable}`" not in text] == []


def test_no_documented_environment_variable_is_gone() -> None:
    load_all(pipeline)
    load_all(front)
    load_all(ingest)
    load_all(importer)
    load_all(rtmp)
    load_all(clip)
    section = doc("settings.md").split("## Environment of the deployables")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", section, re.M))
    assert documented - {s.variable for s in settings.declared()} == set()


def test_every_setting_of_the_deployment_is_documented() -> None:
    declared = importlib.import_module("settings")
    text = doc("settings.md")
    names = [s.name for s in declared.declared()]
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_error_is_documented_with_its_status_and_what_becomes_of_an_event() -> None:
    text = doc("operations.md")
    tree = subclasses(errors.MediaAnalyzerError) - {errors.MediaAnalyzerError}
    rows = {f"| `{e.__name__}` | {e.status} | {e.disposition.value} |" for e in tree}  # type: ignore[attr-defined]
    assert {row for row in rows if row not in text} == set()


def test_every_metric_is_documented() -> None:
    text = doc("operations.md")
    assert [name for name in metrics.COUNTED if f"`{name}`" not in text] == []


def test_every_topic_of_the_contracts_is_declared() -> None:
    program = (ROOT / "infra" / "__main__.py").read_text()
    topics = re.findall(r"^\| `(\w+)` \| `\w+/`", doc("contracts.md"), re.M)
    assert topics
    assert [topic for topic in topics if f'"{topic}"' not in program] == []


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
