"""Reports of stored sessions: what `sample` and `detect` write, read back and added up."""

from __future__ import annotations

import codecs
import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions.reported import NORDAL, VELOX, get, put_frame, put_segment, put_session, see
from tests.contract.functions.world import SESSION, STARTED, World, start_session

from pipeline.documents import results
from pipeline.documents.control import stream_keys
from pipeline.domain.model import (
    FrameRef,
)


@pytest.fixture(scope="module")
def told(world: World) -> str:
    """Velox for 4 s, then nothing for 2, then Velox and Nordal for 4."""
    put_session(world, "reported", 10, {0: (VELOX,), 4: (), 6.0: (NORDAL, VELOX)})
    return "reported"


def test_exposure_is_told_by_label(world: World, told: str) -> None:
    report = get(world, told, "exposure").get_json()["exposure"]
    assert (report["analysed_seconds"], report["media_seconds"], report["until"]) == (10.0, 10.0, 10.0)
    velox, nordal = report["labels"]
    assert (velox["label"], velox["seconds"], velox["appearances"]) == ("Velox", 8.0, 2)
    assert (nordal["label"], nordal["seconds"], nordal["first"], nordal["last"]) == ("=Nordal", 4.0, 6.0, 10.0)
    assert nordal["share"] == {"mean": 0.2, "max": 0.2, "seconds": 0.8}
    assert nordal["first_at"] == (STARTED + timedelta(seconds=6)).isoformat()


def test_exposure_of_a_range(world: World, told: str) -> None:
    report = get(world, told, "exposure?from=2&to=7").get_json()["exposure"]
    by_label = {one["label"]: one for one in report["labels"]}
    assert report["analysed_seconds"] == 5.0
    assert (by_label["Velox"]["seconds"], by_label["Velox"]["continued"], by_label["Velox"]["appearances"]) == (3, 1, 2)
    assert (by_label["=Nordal"]["seconds"], by_label["=Nordal"]["continued"]) == (1.0, 0)


def test_exposure_as_csv_holds_no_formula(world: World, told: str) -> None:
    response = get(world, told, "exposure.csv")
    assert response.content_type == "text/csv; charset=utf-8"
    assert f"exposure-{told}-{SESSION}-logo.csv" in response.headers["Content-Disposition"]
    assert response.data.startswith(codecs.BOM_UTF8)  # Excel takes a table without it for one in the Windows code page
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [(row["label"], float(row["seconds"])) for row in rows] == [("Velox", 8.0), ("'=Nordal", 4.0)]
    assert float(rows[1]["share_seconds"]) == 0.8


def test_appearances_come_in_pages_that_fit_together(world: World, told: str) -> None:
    found, after = list[dict[str, Any]](), ""
    while True:
        page = get(world, told, f"appearances?limit=1{after}").get_json()
        found += page["appearances"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == get(world, told, "appearances").get_json()["appearances"]
    assert [(one["label"], one["from"], one["to"]) for one in found] == [
        ("Velox", 0.0, 4.0),
        ("=Nordal", 6.0, 10.0),
        ("Velox", 6.0, 10.0),
    ]
    assert found[0]["track"] == [{"time": 0.0, "box": {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.1}}]


def test_documents_written_in_any_order_and_twice_report_the_same(world: World) -> None:
    def write(stream: str, order: random.Random | None) -> None:
        world.stream(stream)
        start_session(stream, SESSION, STARTED)
        steps: list[Any] = []
        for second in range(12):
            ref = FrameRef(stream, SESSION, second * 1000)
            detections = (VELOX,) if second % 5 else (NORDAL,)
            steps.append(lambda second=second: put_frame(stream, second))
            steps.append(lambda ref=ref, detections=detections: see(ref, *detections))
        steps += [lambda s=s: put_segment(stream, s, (s * 2000, s * 2000 + 1000)) for s in range(6)]
        if order:
            steps = steps * 2
            order.shuffle(steps)
        for step in steps:
            step()

    write("in-order", None)
    write("any-order", random.Random(5))
    for tail in ("exposure", "appearances", "exposure.csv"):
        assert get(world, "any-order", tail).get_data() == get(world, "in-order", tail).get_data()


def test_reading_from_anywhere_says_the_same_as_reading_from_the_start(world: World) -> None:
    draw = random.Random(11)
    seen = {s / 2: tuple(one for one in (VELOX, NORDAL) if draw.random() < 0.6) for s in range(40)}
    put_session(world, "anywhere", 20, seen)
    whole = get(world, "anywhere", "appearances").get_json()["appearances"]
    assert len(whole) > 5
    for index, one in enumerate(whole):
        rest = get(world, "anywhere", f"appearances?after={one['id']}").get_json()["appearances"]
        assert rest == whole[index + 1 :]
    halves = [get(world, "anywhere", f"exposure?{part}").get_json()["exposure"] for part in ("to=7.3", "from=7.3")]
    both = get(world, "anywhere", "exposure").get_json()["exposure"]
    seconds = [{one["label"]: one["seconds"] for one in report["labels"]} for report in (*halves, both)]
    assert {label: pytest.approx(seconds[0][label] + seconds[1][label]) for label in seconds[2]} == seconds[2]


def test_sessions_longer_than_a_page_are_read_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_PAGE", 7)
    monkeypatch.setattr(results, "_SMALL_PAGE", 2)
    put_session(world, "long", 60, {float(s): (VELOX,) for s in range(60)})
    report = get(world, "long", "exposure").get_json()["exposure"]
    assert (report["analysed_seconds"], report["labels"][0]["appearances"]) == (60.0, 1)
    [one] = get(world, "long", "appearances").get_json()["appearances"]
    assert (one["from"], one["to"], one["looks"]) == (0.0, 60.0, 60)


def test_the_cost_counts_what_was_asked(world: World, told: str) -> None:
    put_session(world, "priced", 20, {float(second): (VELOX,) for second in range(0, 20, 4)})
    now = datetime.now(UTC)  # what is long past is not waited for
    see(put_frame("priced", 19.0, now), error="the quota is used up")
    cost = get(world, "priced", "cost").get_json()["cost"]
    assert cost["usage"]["calls"] == [{"provider": "vision", "kind": "logo", "calls": 5, "failed": 1}]
    assert (cost["usage"]["frames"], cost["usage"]["segments"], cost["fixed"]["frames"]) == (6, 10, 20)
    assert 0 < cost["usd"] < cost["fixed"]["usd"]
    see(put_frame("priced", 19.0, now), VELOX)
    see(put_frame("priced", 19.5, now), VELOX, provider="gallery")
    cost = get(world, "priced", "cost").get_json()["cost"]
    assert [(one["provider"], one["calls"], one["failed"]) for one in cost["usage"]["calls"]] == [
        ("gallery", 1, 0),
        ("vision", 6, 0),
    ]


@pytest.mark.parametrize(
    "tail", ["exposure?kind=smell", "exposure?from=-1", "exposure?from=3&to=2", "appearances?after=x"]
)
def test_what_cannot_be_asked_is_named(world: World, told: str, tail: str) -> None:
    assert get(world, told, tail).status_code == 400


def test_a_streams_key_publishes_and_reads_no_report(world: World, told: str) -> None:
    stream_keys.authenticate(told, "key")
    for report in ("exposure", "exposure.csv", "appearances?kind=logo", "cost"):
        assert get(world, told, report, {"Authorization": "Bearer key"}).status_code == 401
        assert get(world, told, report, {}).status_code == 401
