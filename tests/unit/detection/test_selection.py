"""Which detections are kept, and under which name."""

from __future__ import annotations

from pipeline.detection.selection import select
from pipeline.domain.model import Analysis, Brand, Detection, Kind

NIKE = Brand("nike", "Nike", ("Nike, Inc.", "Swoosh"))
BMW = Brand("bmw", "BMW")


def analysis(kind: Kind, *found: tuple[str, float]) -> Analysis:
    return Analysis(kind, "p", "m", 5, tuple(Detection(label, confidence, kind) for label, confidence in found))


def labels(selected: Analysis) -> list[str]:
    return [detection.label for detection in selected.detections]


def test_what_is_below_the_threshold_is_dropped_and_what_reaches_it_is_kept() -> None:
    found = analysis(Kind.LOGO, ("Nike", 0.5), ("BMW", 0.49))
    assert labels(select(found, 0.5, (), ())) == ["Nike"]


def test_a_logo_gets_the_name_of_the_brand_that_goes_by_it() -> None:
    found = analysis(Kind.LOGO, ("nike, inc.", 0.9), ("SWOOSH", 0.9), ("bmw", 0.9), ("Unknown", 0.9))
    assert labels(select(found, 0, (NIKE, BMW), ())) == ["Nike", "Nike", "BMW", "Unknown"]


def test_only_the_wanted_brands_are_kept_by_id_name_or_alias() -> None:
    found = analysis(Kind.LOGO, ("Swoosh", 0.9), ("BMW", 0.9), ("Unknown", 0.9))
    for wanted in ("nike", "NIKE", "Nike, Inc."):
        assert labels(select(found, 0, (NIKE, BMW), (wanted,))) == ["Nike"]


def test_a_wanted_brand_that_nobody_described_is_kept_by_its_label() -> None:
    found = analysis(Kind.LOGO, ("Unknown", 0.9), ("BMW", 0.9))
    assert labels(select(found, 0, (BMW,), ("unknown",))) == ["Unknown"]


def test_brands_are_no_matter_of_text() -> None:
    found = analysis(Kind.TEXT, ("swoosh", 0.9))
    assert labels(select(found, 0, (NIKE,), ("bmw",))) == ["swoosh"]


def test_the_rest_of_the_analysis_stays_as_it_was() -> None:
    selected = select(analysis(Kind.LOGO), 0.5, (), ())
    assert (selected.provider, selected.model, selected.took_ms, selected.error) == ("p", "m", 5, None)


def test_a_brands_own_threshold_wins_for_its_logos() -> None:
    strict, mild = Brand("nike", "Nike", threshold=0.9), Brand("bmw", "BMW", threshold=0.2)
    found = analysis(Kind.LOGO, ("nike", 0.8), ("bmw", 0.3), ("Unknown", 0.4))
    assert labels(select(found, 0.5, (strict, mild), ())) == ["BMW"]
