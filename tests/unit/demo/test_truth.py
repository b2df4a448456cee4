from typing import Any

import pytest

from emulator.sample.demo.ledger import Sighting
from emulator.sample.demo.truth import compare, strangers
from pipeline.domain.model import Box

TRUTH: dict[str, Any] = {
    "duration": 10.0,
    "appearances": [
        {
            "brand": "nike",
            "label": "Nike",
            "from": 2.0,
            "to": 6.0,
            "track": [
                {"t": 2.0, "x": 0.0, "y": 0.0, "width": 0.2, "height": 0.2},
                {"t": 6.0, "x": 0.4, "y": 0.0, "width": 0.2, "height": 0.2},
            ],
        }
    ],
    "texts": [{"text": "FINAL LAP", "from": 7.0, "to": 9.0}],
}


def seen(label: str, media_time: float, kind: str = "logo", box: Box | None = None) -> Sighting:
    return Sighting(label, kind, 0.9, media_time, box)


def test_what_was_seen_in_its_time_is_found_and_the_rest_missed() -> None:
    logo, text = compare(TRUTH, [seen("nike", 3.0), seen("Nike", 5.0), seen("Nike", 9.5)], 10)
    assert (logo.label, logo.found, logo.seen) == ("Nike", True, (3.0, 5.0))
    assert (text.label, text.found) == ("FINAL LAP", False)


def test_it_is_said_in_how_many_of_the_frames_a_mark_was_seen_and_what_makes_it_hard() -> None:
    hard = {**TRUTH, "appearances": [{**TRUTH["appearances"][0], "difficulty": "half hidden"}]}
    logo, text = compare(hard, [seen("Nike", 3.0)], 10, [1.0, 3.0, 5.0, 6.0, 8.0])
    assert (len(logo.seen), logo.looks, logo.difficulty) == (1, 3, "half hidden")
    assert (text.looks, text.difficulty) == (1, "")


def test_a_text_is_found_within_a_longer_one() -> None:
    assert compare(TRUTH, [seen("The final lap!", 8.0, "text")], 10)[1].found


def test_boxes_are_held_against_the_track_at_their_instant() -> None:
    exact = compare(TRUTH, [seen("Nike", 4.0, box=Box(0.2, 0, 0.2, 0.2))], 10)[0]
    assert exact.overlap == pytest.approx(1.0)
    half = compare(TRUTH, [seen("Nike", 4.0, box=Box(0.3, 0, 0.2, 0.2))], 10)[0]
    assert half.overlap == pytest.approx(1 / 3)
    assert compare(TRUTH, [seen("Nike", 4.0, box=Box(0.8, 0.8, 0.1, 0.1))], 10)[0].overlap == 0


def test_in_a_looped_clip_each_round_is_judged() -> None:
    verdicts = compare(TRUTH, [seen("Nike", 13.0, box=Box(0.1, 0, 0.2, 0.2))], 15)
    assert [(v.label, v.start, v.found) for v in verdicts] == [
        ("Nike", 2.0, False),
        ("FINAL LAP", 7.0, False),
        ("Nike", 12.0, True),
    ]
    assert verdicts[2].overlap == pytest.approx(1.0)


def test_what_comes_after_the_cut_is_not_expected() -> None:
    assert [v.label for v in compare(TRUTH, [], 5)] == ["Nike"]
    assert compare(TRUTH, [], 1) == []


def test_a_logo_where_there_is_none_is_a_stranger() -> None:
    found = strangers(TRUTH, [seen("Nike", 4.0), seen("Nike", 1.0), seen("Puma", 4.0), seen("words", 4.0, "text")], 10)
    assert [(s.label, s.media_time) for s in found] == [("Nike", 1.0), ("Puma", 4.0)]
