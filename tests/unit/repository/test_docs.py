"""Nothing is undocumented: settings, errors, events, documents' fields."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.declaration import settings_page
from pipeline.cloud import metrics
from pipeline.documents import pushes
from pipeline.domain import errors, model, names

ROOT = Path(__file__).parents[3]


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def subclasses(cls: type) -> set[type]:
    return {cls}.union(*(subclasses(child) for child in cls.__subclasses__()))


def test_the_tables_of_settings_are_as_declared() -> None:
    assert settings_page.written(doc("settings.md")) == doc("settings.md"), "make docs writes them"


def test_every_environment_variable_is_documented() -> None:
    assert len(settings_page.variables()) > 50
    text = doc("settings.md")
    assert [s.variable for s in settings_page.variables() if f"`{s.variable}`" not in text] == []


def test_no_documented_environment_variable_is_gone() -> None:
    section = doc("settings.md").split("## Environment of the deployables")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", section, re.M))
    assert documented == {s.variable for s in settings_page.variables()}


def test_every_setting_of_the_deployment_is_documented() -> None:
    declared = importlib.import_module("settings")
    text = doc("settings.md")
    names = [s.name for s in declared.declared()]
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


def test_a_setting_that_is_handed_on_is_described_by_a_workload_that_reads_it() -> None:
    handed_on = {s.variable for s in importlib.import_module("settings").declared() if s.variable}
    assert handed_on
    assert handed_on - {s.variable for s in settings_page.variables()} == set()


def test_each_promise_of_security_names_a_test_that_is_there() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", (ROOT / "SECURITY.md").read_text(), re.M)
    promises = {what: re.findall(r"`(tests/[^`]+)`", how) for what, how in rows if what not in ("what", "---")}
    assert len(promises) > 20
    assert [what for what, tests in promises.items() if not tests] == []
    assert [test for tests in promises.values() for test in tests if not (ROOT / test).exists()] == []


def test_every_error_is_documented_with_its_status_and_what_becomes_of_an_event() -> None:
    text = doc("operations.md")
    tree = subclasses(errors.MediaAnalyzerError) - {errors.MediaAnalyzerError}
    rows = {f"| `{e.__name__}` | {e.status} | {e.disposition.value} |" for e in tree}  # type: ignore[attr-defined]
    assert {row for row in rows if row not in text} == set()


def test_every_code_that_a_document_may_hold_is_documented() -> None:
    listed = re.findall(
        r"`([a-z-]+)`", "\n".join(re.findall(r"^- (.*)", _section(doc("contracts.md"), "Errors in"), re.M))
    )
    assert sorted(listed) == sorted(errors.Code)


def test_every_metric_is_documented() -> None:
    text = doc("operations.md")
    assert [name for name in metrics.COUNTED if f"`{name}`" not in text] == []


def test_every_topic_of_the_contracts_is_declared() -> None:
    program = (ROOT / "infra" / "__main__.py").read_text()
    topics = re.findall(r"^\| `(\w+)` \| `\w+/`", doc("contracts.md"), re.M)
    assert topics
    assert [topic for topic in topics if f'"{topic}"' not in program] == []


def _section(text: str, heading: str) -> str:
    """What stands below the heading that begins so, up to the next heading of any level; empty without one."""
    found = re.search(rf"^#+ {re.escape(heading)}[^\n]*\n(.*?)(?=^#|\Z)", text, re.M | re.S)
    return found[1] if found else ""


def _places() -> dict[str, str]:
    """Each path of a document and name of an object, with placeholders, by the function that makes it."""
    known: dict[str, Any] = {"minute": 7, "SegmentRef": model.SegmentRef("{stream}", "{session}", 7)}
    known["FrameRef"] = model.FrameRef("{stream}", "{session}", 7)
    made: dict[str, str] = {}
    for name, function in inspect.getmembers(names, inspect.isfunction):
        if name.endswith(("_path", "_playlist")) or name in {"segment_object", "frame_object", "staged_object"}:
            of = inspect.signature(function).parameters.values()
            place = function(*(known.get(one.name, known.get(str(one.annotation), f"{{{one.name}}}")) for one in of))
            for number in ("media_ms:010d", "seq:08d", "minute:06d"):
                place = re.sub(rf"\b{format(7, number.partition(':')[2])}\b", f"{{{number}}}", place)
            made[name] = re.sub(r"^streams/{stream}/sessions/{session}/", "…/sessions/{session}/", place)
    return made


def test_every_document_and_object_has_its_own_section_in_the_contracts() -> None:
    headings = "\n".join(re.findall(r"^### (.*)", doc("contracts.md"), re.M))
    places = _places()
    assert len(places) > 15
    missing = {place for place in places.values() if f"`{place}`" not in headings and "vod.m3u8" not in place}
    assert missing == set()
    assert "`vod.m3u8`" in headings


@pytest.mark.parametrize(
    ("place", "stored"),
    [
        ("`streams/{stream}` ", model.Stream),
        ("`…/sessions/{session}/frames/", model.SampledFrame),
        ("`…/sessions/{session}/frames/", model.Visual),
        ("`…/sessions/{session}/frames/", model.Analysis),
        ("`…/sessions/{session}/frames/", model.Detection),
        ("`…/sessions/{session}/transcripts/", model.Transcript),
        ("`…/sessions/{session}/transcripts/", model.Word),
        ("`pushes/{stream}`", pushes.Push),
        ("`config/analysis`", model.AnalysisSettings),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_field_that_a_document_takes_from_a_dataclass_is_documented(place: str, stored: type) -> None:
    text = _section(doc("contracts.md"), place)
    named = {"endpoints": "places"}  # the document keeps the name that it was given first
    own = {named.get(field.name, field.name) for field in dataclasses.fields(stored)}
    fields = own - {"id", "ref", "kind", "version"}
    assert {field for field in fields if not re.search(rf"`{field}`|[{{ ]{field}[,}}:]", text)} == set()


def _slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / ".github").glob("*.md")]
    broken: list[str] = []
    for page in pages:
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text()):
            to = page.parent / target if target else page
            headings = re.findall(r"^#+ (.*)$", to.read_text(), re.M) if to.suffix == ".md" and to.is_file() else []
            if not to.exists() or (anchor and anchor not in map(_slug, headings)):
                broken.append(f"{page.name}: {target}#{anchor}")
    assert broken == []
