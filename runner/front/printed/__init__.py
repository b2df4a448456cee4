"""Reports as files: on paper (PDF), and as a workbook of Excel.

The libraries that draw them are loaded when the first one is wanted: an instance starts without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_pdf(report: Mapping[str, Any], frozen: Mapping[str, Any] | None = None) -> bytes:
    """A sponsor's report on A4, with charts; `frozen`: with the names and the hash that it was frozen under."""
    from . import paper

    return paper.as_pdf(report, frozen)


def as_xlsx(report: Mapping[str, Any]) -> bytes:
    """A sponsor's report as a workbook."""
    from . import workbook

    return workbook.as_xlsx(report)
