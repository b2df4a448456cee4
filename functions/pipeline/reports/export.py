"""An exposure report as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from .exposure import Exposure, Total

_FORMULA = tuple("=+-@\t\r")


def as_json(report: Exposure, started: datetime | None) -> dict[str, Any]:
    """The report; media times in seconds, shares in 0..1. `started` is the wall clock of media time 0."""
    return {
        "analysed_seconds": report.analysed / 1000,
        "until": report.until / 1000,
        "left_out": report.left_out,
        "labels": [_row(label, total, report, started) for label, total in report.ranked()],
    }


def as_csv(report: Exposure, started: datetime | None) -> str:
    """The same as a table, one label a row (RFC 4180). It begins with a byte order mark.

    Excel reads UTF-8 only with that mark; LibreOffice and Numbers pass over it, and so does Python's `utf-8-sig`.
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    for label, total in report.ranked():
        row = _row(label, total, report, started)
        share: Mapping[str, float] = row.pop("share")
        writer.writerow(row | {f"share_{name}": value for name, value in share.items()} | {"label": plain(label)})
    return text.getvalue()


_COLUMNS = (
    *("label", "seconds", "share_of_time", "appearances", "continued", "first", "last", "first_at", "last_at"),
    *("share_mean", "share_max", "share_seconds", "confidence"),
)


def _row(label: str, total: Total, report: Exposure, started: datetime | None) -> dict[str, Any]:
    return {
        "label": label,
        "seconds": total.seconds,
        "share_of_time": round(total.shown / report.analysed, 6) if report.analysed else 0.0,
        "appearances": total.appearances,
        "continued": total.continued,
        "first": total.first / 1000,
        "last": total.last / 1000,
        "first_at": _wall(started, total.first),
        "last_at": _wall(started, total.last),
        "share": {
            "mean": round(total.share, 6),
            "max": round(total.largest_share, 6),
            "seconds": round(total.screen_seconds, 4),
        },
        "confidence": round(total.confidence, 4),
    }


def _wall(started: datetime | None, media_ms: int) -> str | None:
    return (started + timedelta(milliseconds=media_ms)).isoformat() if started else None


def plain(label: str) -> str:
    """A label that a spreadsheet does not take for a formula: it may be text that a person held into the camera."""
    return f"'{label}" if label.startswith(_FORMULA) else label
