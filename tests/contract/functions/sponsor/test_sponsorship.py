"""Sponsors' reports of stored sessions."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.contract.functions.reported import LOGO, NORDAL, VELOX, post, put_session
from tests.contract.functions.world import SESSION, STARTED, World

from pipeline.documents import frames
from pipeline.documents.spoken import transcripts
from pipeline.domain.model import Analysis, Box, Detection, FrameRef, Kind, Segment, SegmentRef, Transcript, Word


@pytest.fixture(scope="module")
def told(world: World) -> str:
    """Velox for 4 s, then nothing for 2, then Velox and Nordal for 4."""
    put_session(world, "sponsored", 10, {0: (VELOX,), 4: (), 6.0: (NORDAL, VELOX)})
    return "sponsored"


def test_a_sponsors_report_of_a_session_and_of_several(world: World, told: str) -> None:
    path = f"/streams/{told}/sessions/{SESSION}/sponsorship"
    asked = {
        "brands": ["Velox"],
        "zones": [{"name": "Boards", "property": "board", "box": {"x": 0, "y": 0, "width": 1, "height": 0.5}}],
        "audience": {"points": [{"at": STARTED.isoformat(), "viewers": 2000}]},
        "rates": {"currency": "EUR", "per_thousand": 5},
    }
    report = post(world, path, asked).get_json()["report"]
    [velox] = report["labels"]
    assert velox["on_screen"] == {
        "seconds": 8.0,
        "ranges": [{"session": 0, "from": 0.0, "to": 4.0}, {"session": 0, "from": 6.0, "to": 10.0}],
        "cut": False,
    }
    assert (velox["alone"]["seconds"], velox["beside"]["=Nordal"]["seconds"], velox["main_field"]) == (4, 4, "top left")
    assert (velox["audience"]["impressions"], velox["value"]) == (4000, 20)
    assert velox["placements"]["Boards"]["seconds"] == 8.0
    part = {"stream": told, "session": SESSION}
    both = post(world, "/sponsorship", {"sessions": [part | {"to": 5}, part | {"from": 5}]}).get_json()["report"]
    assert {one["label"]: one["on_screen"]["seconds"] for one in both["labels"]} == {"Velox": 8, "=Nordal": 4}
    rows = csv.DictReader(io.StringIO(post(world, f"{path}.csv", {}).data.decode("utf-8-sig")))
    assert [(row["label"], row["seconds"]) for row in rows] == [("Velox", "8.0"), ("'=Nordal", "4.0")]


def test_brands_that_are_said_and_written_are_counted_by_all_their_names(world: World) -> None:
    put_session(world, "spoken", 10, {0: (VELOX,), 4: ()})
    for second, text in ((0.0, "VELOX RACING"), (4.0, "final lap")):
        found = Detection(text, 0.9, Kind.TEXT, Box(0.1, 0.1, 0.2, 0.1))
        ref = FrameRef("spoken", SESSION, round(second * 1000))
        frames.write_analyses(ref, [LOGO, Kind.TEXT], [Analysis(Kind.TEXT, "vision", "m", 40, (found,), None)])
    segment = Segment(SegmentRef("spoken", SESSION, 0), 0.0, 2.0, STARTED)
    words = (Word("the", 0.5, 0.7), Word("Velox,", 0.7, 1.0))
    transcripts.write(Transcript(segment, 0.0, words, "en", "m", 2.0, 10))
    path = f"/streams/spoken/sessions/{SESSION}/sponsorship"
    [velox] = post(world, path, {"brands": ["Velox"]}).get_json()["report"]["labels"]
    assert velox["spoken"] == {"count": 1, "at": [{"session": 0, "time": 0.7}]}
    assert velox["written"] == {"count": 1, "at": [{"session": 0, "time": 0.0}]}


@pytest.mark.parametrize(
    "body",
    [
        {"from": 3, "to": 2},
        {"audience": {"points": [{"viewers": 5}]}},
        {"audience": {"points": [{"time": 1, "viewers": -1}]}},
        {"rates": {"currency": "euros"}},
    ],
)
def test_a_sponsors_report_that_cannot_be_made_is_named(world: World, told: str, body: dict[str, Any]) -> None:
    assert post(world, f"/streams/{told}/sessions/{SESSION}/sponsorship", body).status_code == 400
