"""Sponsors' reports as files: readable, and whole."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from tests.unit.reports.sessions import look, seen, session

from front.printed.paper import as_pdf
from front.printed.workbook import as_xlsx
from pipeline.reports.measures.audience import Curve
from pipeline.reports.measures.reading import Reading
from pipeline.reports.sponsor.money import Rates
from pipeline.reports.sponsor.report import Part, Report


def told(*labels: str) -> dict[str, Any]:
    sights = [seen(label, x=0.1 * index) for index, label in enumerate(labels)]
    report = Report("logo", rates=Rates("EUR", per_thousand=5))
    part = Part("cup", "s1", None, Reading(0, curve=Curve.of([(0, 2000.0)])))
    report.add(part, session(look(0, *sights), look(6, *sights[:1]), look(8)).steps())
    return report.told()


def text_of(pdf: bytes) -> str:
    """What is drawn as text on all pages."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    shown = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    return " ".join(part.decode("latin-1") for part in re.findall(rb"\((.*?)\) Tj", shown))


def test_the_paper_says_each_brand_its_figures_and_the_rules() -> None:
    pdf = as_pdf(told("Velox", "Nestlé"))
    assert pdf.startswith(b"%PDF-")
    text = text_of(pdf)
    for words in ("Velox", "Nestl\xe9", "viewable", "8.0 s", "2,000", "10.00 EUR", "quality ="):
        assert words in text, words


def test_any_label_and_any_number_of_them_fit_on_paper() -> None:
    pdf = as_pdf(told(*(f"品牌 {number} {'long ' * 60}" for number in range(9))))
    assert pdf.count(b"/Type /Page\n") >= 3
    assert as_pdf(told()).startswith(b"%PDF-")


def test_a_frozen_report_on_paper_says_who_signed_it_and_its_hash() -> None:
    signed = {"id": "ab" * 32, "name": "Cup final", "signed_by": "Ada Byron", "at": "2026-11-30T12:00:00+00:00"}
    text = text_of(as_pdf(told("Velox"), signed))
    assert "Cup final" in text
    assert "Signed by Ada Byron, 2026-11-30 12:00 UTC" in text
    assert "ab" * 32 in text


def test_the_workbook_names_the_moments_of_each_figure_and_holds_no_formula() -> None:
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(told("=cmd()", "Velox"))))
    strings = book.read("xl/sharedStrings.xml").decode()
    assert all(words in strings for words in ("=cmd()", "Velox", "fields: top left", "quality = 100"))
    assert all(b"<f>" not in book.read(name) for name in book.namelist())
