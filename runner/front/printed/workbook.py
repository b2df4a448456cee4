"""A sponsor's report as a workbook: the table, the moments of each figure, and how the figures are made."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter import Workbook

from pipeline.reports.sponsor.table import columns


def as_xlsx(told: Mapping[str, Any]) -> bytes:
    """The workbook's bytes."""
    data = io.BytesIO()
    # Labels may be text that a person held into the camera: nothing is taken for a formula or a link.
    with Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        shown = columns(str)
        rows = [[figure(one) for figure in shown.values()] for one in told["labels"]]
        _sheet(book, "Labels", list(shown), rows, head)
        _sheet(book, "Moments", ["label", "figure", "stream", "session", "from", "to"], _moments(told), head)
        sessions = [
            [one["stream"], one["session"], one["started"], one["analysed_seconds"], len(one["corrections"])]
            for one in told["sessions"]
        ]
        _sheet(book, "Sessions", ["stream", "session", "started", "analysed seconds", "corrections"], sessions, head)
        _sheet(book, "Formulas", ["figure", "formula"], [[*one] for one in told["formulas"].items()], head)
    return data.getvalue()


def _sheet(book: Workbook, name: str, head: list[str], rows: Any, style: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, head, style)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(head), 14)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, ["" if value is None else value for value in row])


def _moments(told: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Where each time is to be seen, in seconds of media time."""
    for one in told["labels"]:
        for name, figure in _timed(one):
            for part in figure["ranges"]:
                session = told["sessions"][part["session"]]
                yield [one["label"], name, session["stream"], session["session"], part["from"], part["to"]]


def _timed(one: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in ("on_screen", "viewable", "alone", "cut_off"):
        yield name, one[name]
    yield "longest unbroken", one["unbroken"]["longest"]
    for group in ("bands", "fields", "beside", "placements"):
        for name, figure in one[group].items():
            yield f"{group}: {name}", figure
