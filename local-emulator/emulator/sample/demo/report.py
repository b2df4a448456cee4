"""The report of a demo, for `.local/demo.json` and for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .ledger import Ledger, Sighting
from .truth import Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """Accounts, what went wrong, and verdicts where the truth is known."""

    ledger: Ledger
    errors: list[str]
    verdicts: list[Verdict]
    strangers: list[Sighting]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As documented for `.local/demo.json`; times and latencies in seconds."""
        detections: dict[str, set[float]] = {}
        for sighting in self.ledger.sightings():
            detections.setdefault(sighting.label, set()).add(round(sighting.media_time, 3))
        return {
            "segments": len(self.ledger.segments),
            "frames": len(self.ledger.frames),
            "detections": {label: sorted(times) for label, times in sorted(detections.items())},
            "latency_s": {
                "first": spread(self.ledger.first_latencies()),
                "all": spread(self.ledger.all_latencies()),
            },
            "errors": self.errors,
            "note": self.note,
            "truth": [_verdict(verdict) for verdict in self.verdicts],
            "unexpected": [{"label": s.label, "media_time": round(s.media_time, 3)} for s in self.strangers],
        }

    def tables(self) -> list[Table]:
        """Latency, and what was seen."""
        numbers = self.to_json()
        title = f"{numbers['segments']} segments, {numbers['frames']} frames"
        latency = Table("seconds after finalise", "p50", "p95", "max", title=title)
        for name, label in (("first", "first result"), ("all", "all results")):
            values = numbers["latency_s"][name]
            latency.add_row(label, *(_number(values[key]) for key in ("p50", "p95", "max")))
        return [latency, self._verdicts() if self.verdicts else self._detections(numbers["detections"])]

    def show(self, console: Console) -> None:
        """Prints tables, and what went wrong."""
        for table in self.tables():
            console.print(table)
        for sighting in self.strangers:
            console.print(f"[yellow]seen where it is not:[/yellow] {sighting.label} at {sighting.media_time:.2f} s")
        for error in self.errors:
            console.print(Text.assemble(("error ", "red"), error))
        console.print("[red]Not everything arrived.[/red]" if self.errors else "[green]Everything arrived.[/green]")

    def _verdicts(self) -> Table:
        title = "what is in the clip"
        table = Table("shown", "how", "from", "to", "seen in frames", "boxes' overlap", title=title, caption=self.note)
        for verdict in self.verdicts:
            tone = "green" if verdict.found else "red"
            seen = f"[{tone}]{len(verdict.seen)} of {verdict.looks}[/{tone}]"
            overlap = "" if verdict.overlap is None else f"{verdict.overlap:.2f}"
            times = (f"{verdict.start:.1f}", f"{verdict.end:.1f}")
            table.add_row(verdict.label, verdict.difficulty, *times, seen, overlap)
        return table

    def _detections(self, detections: dict[str, list[float]]) -> Table:
        table = Table("seen", "frames", "first", "last", title="detections")
        for label, times in sorted(detections.items(), key=lambda entry: -len(entry[1]))[:30]:
            table.add_row(label, str(len(times)), f"{times[0]:.1f}", f"{times[-1]:.1f}")
        return table


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median, 95th percentile (nearest rank) and largest; None where there are no values."""
    if not values:
        return {"p50": None, "p95": None, "max": None}
    ranked = sorted(values)
    at = {name: ranked[max(0, -(-len(ranked) * percent // 100) - 1)] for name, percent in (("p50", 50), ("p95", 95))}
    return {name: round(value, 3) for name, value in (*at.items(), ("max", ranked[-1]))}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "label": verdict.label,
        "kind": verdict.kind,
        "from": verdict.start,
        "to": verdict.end,
        "found": verdict.found,
        "seen": [round(time, 3) for time in verdict.seen],
        "overlap": None if verdict.overlap is None else round(verdict.overlap, 3),
        "looks": verdict.looks,
        "difficulty": verdict.difficulty,
    }


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
