"""Cost: what is counted, what it is priced at, and the price list itself."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.model import Kind
from pipeline.reports.cost import cost, quantities
from pipeline.reports.prices import prices
from pipeline.reports.usage import Call, FrameCalls, Speech, Usage, usage_of

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def frame(second: int, *calls: Call) -> FrameCalls:
    return FrameCalls(second * 1000, calls, False, NOW + timedelta(seconds=second))


def call(kind: str = "logo", provider: str = "vision", took_ms: int = 100, second: int = 0, **flags: bool) -> Call:
    return Call(kind, provider, took_ms, at=NOW + timedelta(seconds=second), **flags)


def hour(per_second: float, *kinds: str) -> Usage:
    """An hour of media, so many frames a second of which Cloud Vision was asked."""
    seconds = [round(n / per_second) for n in range(round(3600 * per_second))]
    return Usage(1800, 3600.0) + usage_of(frame(s, *(call(kind, second=s) for kind in kinds)) for s in seconds)


def usd(told: dict[str, object], item: str) -> float:
    lines: list[dict[str, float]] = told["lines"]  # type: ignore[assignment]
    return next((line["usd"] for line in lines if line["item"] == item), 0.0)


def test_a_frame_a_second_costs_what_the_price_page_says() -> None:
    told = cost(hour(1, "logo", "text", "object"), prices())
    assert usd(told, "vision.logo") == pytest.approx(5.40)
    assert usd(told, "vision.text") == pytest.approx(5.40)
    assert usd(told, "vision.object") == pytest.approx(8.10)
    assert told["usd"] == pytest.approx(told["fixed"]["usd"])


def test_beside_it_stands_what_a_fixed_rate_would_have_cost() -> None:
    told = cost(hour(0.1, "logo"), prices())
    assert usd(told, "vision.logo") == pytest.approx(0.54)
    assert usd(told["fixed"], "vision.logo") == pytest.approx(5.40)
    assert (told["usage"]["frames"], told["fixed"]["frames"]) == (360, 3600)
    assert told["usd_per_hour"] == pytest.approx(told["usd"], abs=1e-4)


def test_what_failed_is_counted_and_not_billed() -> None:
    usage = Usage(1, 2.0) + usage_of([frame(0, call(failed=True)), frame(1, call())])
    assert quantities(usage)["vision.logo"] == 1
    assert cost(usage, prices())["usage"]["calls"] == [{"provider": "vision", "kind": "logo", "calls": 1, "failed": 1}]


def test_one_call_for_two_kinds_takes_its_time_once() -> None:
    usage = usage_of([frame(0, call("logo"), call("text"), call("object", "gallery", 30))])
    assert usage.busy_ms == {"vision": 100, "gallery": 30}
    assert usage.images == {"vision": 1, "gallery": 1}


def test_safe_search_comes_free_with_labels() -> None:
    usage = usage_of([frame(0, call("label"), call("safe_search")), frame(1, call("safe_search"))])
    assert quantities(usage)["vision.safe_search"] == 1


def test_the_gpu_is_paid_from_its_first_answer_to_its_last() -> None:
    again = call("logo", "clip", second=9000, again=True, gpu=True)
    first, last = call("logo", "clip", second=5, gpu=True), call("object", "lan-worker", second=65, gpu=True)
    elsewhere = call("label", "own-clip", second=600)  # on a processor
    usage = usage_of([frame(0, first), frame(60, last), frame(61, elsewhere), frame(70, again)])
    found = quantities(usage)
    assert (found["gpu.l4"], found["gpu.cpu"], found["gpu.memory"]) == (60, 240, 960)


def test_the_gallery_costs_only_its_seconds() -> None:
    usage = usage_of([frame(0, call(provider="gallery", took_ms=2000))])
    assert not any(name.startswith(("vision", "gpu")) and value for name, value in quantities(usage).items())
    assert quantities(usage)["run.cpu"] == 2.4, "and those in which its boxes are followed"


def test_speech_is_billed_by_the_second_and_costs_the_same_at_any_rate_of_frames() -> None:
    told = cost(hour(0.1, "logo") + Usage(speech=Speech(1800, 5400.0, 900_000)), prices())
    assert usd(told, "speech.standard") == pytest.approx(90 * 0.016)
    assert usd(told["fixed"], "speech.standard") == usd(told, "speech.standard")
    assert told["usage"]["speech_seconds"] == 5400


def test_who_does_not_listen_pays_for_being_asked_and_no_more() -> None:
    deaf, hearing = (quantities(Usage(10, 20.0, speech=speech)) for speech in (Speech(), Speech(10, 30.0, 4000)))
    assert deaf["speech.standard"] == 0
    assert hearing["run.cpu"] - deaf["run.cpu"] == pytest.approx(4 + 10 * 0.1)
    assert hearing["firestore.writes"] - deaf["firestore.writes"] == pytest.approx(10 + 20 / 15)


def test_documents_are_counted_by_segment_frame_provider_and_kind() -> None:
    frames = [frame(second, call("logo"), call("text"), call("object", "gallery")) for second in range(10)]
    found = quantities(Usage(50, 100.0) + usage_of(frames))
    assert found["firestore.writes"] == 50 * 4 + 10 * (1 + 2 + 2 * 3 + 1) + 100 / 5 + 2 * 100 / 15
    assert found["firestore.reads"] == 50 * 7 + 10 * (1 + 12) + 2 * (50 + 50 + 10)


def test_nothing_yet_costs_next_to_nothing() -> None:
    told = cost(Usage(), prices())
    assert told["usd"] < 0.0001
    assert told["usd_per_hour"] is None
    assert told["fixed"]["frames"] == 0


calls = st.builds(
    Call,
    st.sampled_from([kind.value for kind in Kind]),
    st.sampled_from(["vision", "clip", "gallery"]),
    st.integers(0, 5000),
    failed=st.booleans(),
    at=st.one_of(st.none(), st.integers(0, 9999).map(lambda s: NOW + timedelta(seconds=s))),
    again=st.booleans(),
)
frames = st.lists(st.lists(calls, max_size=4, unique_by=lambda one: one.kind), max_size=12).map(
    lambda all: [frame(second, *some) for second, some in enumerate(all)]
)


@given(frames, st.randoms(), st.integers(0, 12))
def test_the_order_of_frames_and_how_they_are_divided_do_not_matter(
    some: list[FrameCalls], order: random.Random, at: int
) -> None:
    shuffled = order.sample(some, len(some))
    assert usage_of(shuffled) == usage_of(some) == usage_of(some[:at]) + usage_of(some[at:])


def test_tiers_are_priced_each_at_its_own_price() -> None:
    logo = prices().items["vision.logo"]
    assert float(logo.cost(1000)) == pytest.approx(1.5)
    assert float(logo.cost(5_001_000)) == pytest.approx(5_000 * 1.5 + 0.6)
    assert float(logo.cost(1000, before=5_000_000)) == pytest.approx(0.6)
    assert float(logo.cost(2000, before=4_999_000)) == pytest.approx(1.5 + 0.6)


def test_everything_that_can_be_used_has_a_price() -> None:
    kinds = {(kind.value, "vision") for kind in Kind}
    usage = usage_of([frame(0, *(call(kind, provider) for kind, provider in kinds)), frame(1, call(provider="clip"))])
    assert set(quantities(usage)) <= set(prices().items)


def test_the_price_list_has_a_date_and_sources() -> None:
    assert isinstance(prices().as_of, date)
    assert prices().currency == "USD"
    assert all(source.startswith("https://cloud.google.com/") for source in prices().sources)
