"""Reports of the sample clip after its way through the whole stack, against what is known to be in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.e2e.helpers.tracked import tracked
from tests.eval.following.films import there_in

from emulator.sample.demo.session import Run
from pipeline.reports.measures.reading import Reading
from pipeline.reports.model import SURE, UNIT, Look, Rect, Sight, Stretch, rect
from pipeline.reports.observations import observations
from pipeline.reports.sponsor.report import Part, Report
from pipeline.reports.tracking import followed

pytestmark = pytest.mark.stack
SHARE = {"Nike": 0.2}  # the gallery does not find the thin end of that mark: its box is too small by a sixth
GRAZED = 0.3  # s in a field of the picture into which a moving box only reaches
LOOK = 1.0  # s: the gate looks at a change a second after the last frame at the earliest

Get = Callable[..., str]


@pytest.fixture(scope="module")
def get(stack: Any, sample_run: Run) -> Get:
    """Asks for a report of the clip's session; with a body, by POST."""
    assert (sample_run.errors, sample_run.ledger.missing()) == ([], [])

    def fetch(path: str, body: Mapping[str, Any] | None = None) -> str:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {stack.admin_key}", "Content-Type": "application/json"}
        with urlopen(Request(f"{stack.api.rstrip('/')}{path}", data, headers), timeout=30) as response:
            return response.read().decode()

    assert tracked(sample_run.stream) > 0
    [session] = json.loads(fetch(f"/streams/{sample_run.stream}/sessions"))["sessions"]
    return lambda tail, body=None: fetch(f"/streams/{sample_run.stream}/sessions/{session['id']}/{tail}", body)


def in_truth(truth: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for appearance in truth["appearances"]:
        found.setdefault(appearance["label"], []).append(appearance)
    return found


def test_each_brand_is_on_for_as_long_and_as_large_as_it_really_is(get: Get, truth: dict[str, Any]) -> None:
    report = json.loads(get("exposure"))["exposure"]
    assert report["analysed_seconds"] == pytest.approx(truth["duration"], abs=0.2)
    told = {label["label"]: label for label in report["labels"]}
    for label, shown in in_truth(truth).items():
        seconds = sum(one["to"] - one["from"] for one in shown)
        boxes: list[Rect] = [rect(point) for one in shown for point in one["track"]]
        assert told[label]["seconds"] == pytest.approx(seconds, abs=2 * LOOK * len(shown)), label
        assert told[label]["first"] == pytest.approx(shown[0]["from"], abs=2 * LOOK), label
        share = sum(box.area for box in boxes) / len(boxes) / UNIT**2
        assert told[label]["share"]["mean"] == pytest.approx(share, rel=0.25), label
    assert set(told) == set(in_truth(truth))


def test_every_appearance_is_listed_and_none_that_is_none(get: Get, truth: dict[str, Any]) -> None:
    listed = json.loads(get("appearances"))["appearances"]
    assert [one["from"] for one in listed] == sorted(one["from"] for one in listed)
    missing = {(one["label"], one["from"]) for one in truth["appearances"]}
    for one in listed:
        real = [
            shown
            for shown in in_truth(truth).get(one["label"], [])
            if one["from"] < shown["to"] and shown["from"] < one["to"]
        ]
        assert real, one
        assert one["track"]
        missing -= {(shown["label"], shown["from"]) for shown in real}
    assert missing == set()


def test_appearances_begin_and_end_to_the_frame(get: Get, truth: dict[str, Any]) -> None:
    listed = json.loads(get("appearances"))["appearances"]
    frame = 1 / truth["fps"]
    off: list[float] = []
    for shown in truth["appearances"]:
        mine = [one for one in listed if one["label"] == shown["label"]]
        # While it fades in and out, it is there; on the first and the last frame there is nothing of it yet, or left.
        off += [
            abs(min((one["from"] for one in mine), default=0.0) - shown["from"] - frame) / frame,
            abs(max((one["to"] for one in mine), default=0.0) - shown["to"] + frame) / frame,
        ]
    assert sum(one <= 2.01 for one in off) >= 0.95 * len(off), off


def really(truth: Mapping[str, Any]) -> dict[str, Any]:
    """The sponsor's report of the marks that were drawn into the clip, picture by picture."""
    fps = truth["fps"]
    looks: list[Look] = []
    for number in range(round(truth["duration"] * fps)):
        there = there_in(truth, number, (0.0, 0.0), (truth["width"], truth["height"]))
        sights = tuple(Sight(label, SURE, rect(asdict(box))) for label, box in there.items())
        looks.append(Look(round(number * 1000 / fps), sights))
    report = Report("logo")
    whole = [Stretch(0, round(truth["duration"] * 1000))]
    report.add(Part("truth", "truth", None, Reading(0)), followed(observations(looks, whole)))
    return {one["label"]: one for one in report.told()["labels"]}


def test_a_sponsors_report_says_what_is_really_in_the_clip(get: Get, truth: dict[str, Any]) -> None:
    told = {one["label"]: one for one in json.loads(get("sponsorship", {}))["report"]["labels"]}
    real = really(truth)
    assert told.keys() == real.keys()
    for label, one in told.items():
        assert one["on_screen"]["seconds"] == pytest.approx(real[label]["on_screen"]["seconds"], rel=0.02), label
        assert one["share"]["mean"] == pytest.approx(real[label]["share"]["mean"], rel=SHARE.get(label, 0.05)), label
        assert one["main_field"] == real[label]["main_field"], label
        found, fields = one["fields"], real[label]["fields"]
        grazed = [(found | fields)[name]["seconds"] for name in found.keys() ^ fields.keys()]
        assert all(seconds <= GRAZED for seconds in grazed), (label, grazed)
        assert (one["beside"].keys(), one["most_beside"]) == (real[label]["beside"].keys(), real[label]["most_beside"])
        assert one["alone"]["seconds"] == pytest.approx(real[label]["alone"]["seconds"], abs=2.01 / truth["fps"]), label
        assert (one["appearances"], one["unbroken"]["runs"], one["cut_off"]["seconds"]) == (1, 1, 0), label


def test_the_table_says_the_same(get: Get) -> None:
    told = json.loads(get("exposure"))["exposure"]["labels"]
    rows = list(csv.DictReader(io.StringIO(get("exposure.csv").removeprefix("\ufeff"))))
    assert [(row["label"], float(row["seconds"])) for row in rows] == [(one["label"], one["seconds"]) for one in told]


def test_the_bill_counts_every_call(get: Get, truth: dict[str, Any]) -> None:
    cost = json.loads(get("cost"))["cost"]
    assert cost["usage"]["media_seconds"] == pytest.approx(truth["duration"], abs=0.2)
    asked = {(one["provider"], one["kind"]): one["calls"] for one in cost["usage"]["calls"]}
    assert asked == {("vision", "logo"): cost["usage"]["frames"], ("vision", "text"): cost["usage"]["frames"]}
    assert 0 < cost["usd"] < cost["fixed"]["usd"]
    assert cost["fixed"]["frames"] == round(truth["duration"])
