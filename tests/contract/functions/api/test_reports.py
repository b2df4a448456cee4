"""Reports of stored sessions: what `sample` and `detect` write, read back and added up."""

from __future__ import annotations

import codecs
import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions.world import SESSION, STARTED, World, start_session
from werkzeug.test import TestResponse

from pipeline.documents import frames, results
from pipeline.documents.control import stream_keys
from pipeline.documents.spoken import transcripts
from pipeline.domain.errors import Code, Failure
from pipeline.domain.model import (
    Analysis,
    Box,
    Detection,
    FrameRef,
    Kind,
    Reason,
    SampledFrame,
    SampledSegment,
    Segment,
    SegmentRef,
    Transcript,
    Visual,
    Word,
)

KEY = {"Authorization": "Bearer admin-key-for-tests"}
LOGO = Kind.LOGO
VELOX = Detection("Velox", 0.9, LOGO, Box(0.1, 0.1, 0.2, 0.1))
NORDAL = Detection("=Nordal", 0.8, LOGO, Box(0.5, 0.5, 0.4, 0.5))


def get(world: World, stream: str, tail: str, headers: dict[str, str] = KEY) -> TestResponse:
    return world.api().get(f"/streams/{stream}/sessions/{SESSION}/{tail}", headers=headers)


def put_frame(stream: str, seconds: float, finalized: datetime = STARTED) -> FrameRef:
    ref = FrameRef(stream, SESSION, round(seconds * 1000))
    when = STARTED + timedelta(seconds=seconds)
    visual = Visual(0.5, 0.5, 0.5)
    frames.write_frame(
        SampledFrame(
            ref, seconds, int(seconds // 2), finalized, when, Reason.CHANGE, 1280, 720, visual, 0.0, "frames/x"
        )
    )
    return ref


def put_segment(stream: str, sequence: int, chosen: tuple[int, ...]) -> None:
    start = STARTED + timedelta(seconds=2 * sequence)
    segment = Segment(SegmentRef(stream, SESSION, sequence), 2.0 * sequence, 2.0, start)
    sampled = SampledSegment(segment, start, 10, chosen, None if chosen else 0, 0.0)
    frames.write_segment(sampled, {})


def see(ref: FrameRef, *detections: Detection, error: str | None = None, provider: str = "vision") -> None:
    failure = Failure(Code.QUOTA_EXCEEDED, error) if error else None
    frames.write_analyses(ref, [LOGO], [Analysis(LOGO, provider, "m", 40, detections, failure)])


def put_session(world: World, stream: str, seconds: int, seen: dict[float, tuple[Detection, ...]]) -> None:
    """A session of 2 s segments; `seen` by the second of each frame."""
    world.stream(stream)
    ended = STARTED + timedelta(seconds=seconds)
    start_session(stream, SESSION, STARTED, segments=seconds // 2, media_seconds=float(seconds), ended=ended)
    for second, detections in seen.items():
        see(put_frame(stream, second), *detections)
    for sequence in range(seconds // 2):
        put_segment(stream, sequence, tuple(round(s * 1000) for s in seen if sequence == int(s // 2)))


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


def post(world: World, path: str, body: dict[str, Any], headers: dict[str, str] = KEY) -> TestResponse:
    return world.api().post(path, json=body, headers=headers)


def test_a_sponsors_report_of_a_session_and_of_several(world: World, told: str) -> None:
    path = f"/streams/{told}/sessions/{SESSION}/sponsorship"
    asked = {
        "brands": ["Velox"],
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
