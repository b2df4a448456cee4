"""A report as a table, one label a row (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from ..export import plain
from ..measures.bands import BANDS
from ..measures.position import FIELDS
from ..measures.quality import WEIGHTS

Figure = Callable[[Mapping[str, Any]], Any]


def columns(name: Callable[[str], str] = plain) -> dict[str, Figure]:
    """The title of each column, and its figure of a label. `name` writes the label."""
    return {
        "label": lambda one: name(one["label"]),
        "seconds": lambda one: one["on_screen"]["seconds"],
        **{name: _at(name) for name in ("share_of_time", "appearances", "continued", "confidence")},
        **{f"share_{name}": _at("share", name) for name in ("mean", "max", "seconds")},
        **{f"seconds_{name}": _at("bands", name, "seconds") for name, _ in BANDS},
        "viewable_seconds": _at("viewable", "seconds"),
        "alone_seconds": _at("alone", "seconds"),
        "most_beside": _at("most_beside"),
        "cut_off_seconds": _at("cut_off", "seconds"),
        "runs": _at("unbroken", "runs"),
        "longest_seconds": _at("unbroken", "longest", "seconds"),
        "main_field": _at("main_field"),
        **{f"seconds_{name.replace(' ', '_')}": _in_field(name) for name in FIELDS},
        "voice_seconds": _at("voice", "seconds"),
        "voice_screen": _at("voice", "screen"),
        "spoken": _at("spoken", "count"),
        "written": _at("written", "count"),
        **{f"factor_{name}": _at("quality", "factors", name) for name in WEIGHTS},
        "quality": _at("quality", "index"),
        "impressions": _of_audience("impressions"),
        "viewer_seconds": _of_audience("viewer_seconds"),
        "value": _at("value"),
    }


def as_csv(told: Mapping[str, Any]) -> str:
    """The table, with a byte order mark, without which Excel does not read UTF-8."""
    text = io.StringIO()
    text.write("\ufeff")
    shown = columns()
    writer = csv.writer(text)
    writer.writerow(shown)
    for one in told["labels"]:
        writer.writerow("" if (found := figure(one)) is None else found for figure in shown.values())
    return text.getvalue()


def _at(*path: str) -> Figure:
    def figure(one: Mapping[str, Any]) -> Any:
        found: Any = one
        for name in path:
            found = found[name]
        return found

    return figure


def _in_field(name: str) -> Figure:
    return lambda one: one["fields"].get(name, {"seconds": 0.0})["seconds"]


def _of_audience(name: str) -> Figure:
    return lambda one: one["audience"][name] if one["audience"] else None
