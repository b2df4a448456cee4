"""Writes of one name are counted by the second."""

from __future__ import annotations

import pytest
from tests.lint import rates as tests_rates
from tests.lint.rates import Written, report

from emulator.rates import Excess, WriteRates


def test_one_write_a_second_and_a_burst_of_two_are_within_the_rate() -> None:
    rates = WriteRates()
    assert not any(rates.note("a", at) for at in (0, 0, 1, 2, 3, 5, 5.1, 6.2))
    assert rates.over() == []


def test_what_goes_on_faster_is_counted_by_name() -> None:
    rates = WriteRates()
    assert [rates.note("a", at / 2) for at in range(7)] == [False, False, False, True, False, True, False]
    for at in range(4):
        rates.note("b", at / 10)
    rates.note("c", 0)
    assert rates.over() == [Excess("a", 6, 2), Excess("b", 4, 2)]


def test_a_name_that_rests_may_have_its_burst_again() -> None:
    rates = WriteRates()
    assert [rates.note("a", at) for at in (0, 0, 0, 9, 9, 9)] == [False, False, True, False, False, True]


def test_memory_stays_bounded_however_many_names_there_are() -> None:
    rates = WriteRates()
    for number in range(20_000):
        rates.note(f"segments/{number}", number / 1000)
    assert len(rates._left) <= 4096


def test_a_playlist_that_is_written_too_fast_is_a_fault_and_a_frame_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tests_rates, "_ALL", [])
    written = Written()

    def change(name: str, at: float, type: str = "OBJECT_FINALIZE") -> dict[str, object]:
        return {"bucket": "media", "name": name, "type": type, "at": at}

    playlist = "playlists/s/20260101T000000Z-000000/index.m3u8"
    assert [written.feed(change(playlist, at / 10)) for at in range(2)] == [None, None]
    assert written.feed(change(playlist, 0.3, "OBJECT_DELETE")) is None
    assert written.feed(change(playlist, 0.3)) == f"media/{playlist} was written more than once a second"
    assert [written.feed(change("frames/s/1/0.jpg", 0)) for _ in range(4)] == [None] * 4
    written.feed(change("of-a-test", 0))
    assert [one.name for one in report()] == ["media/frames/s/1/0.jpg", f"media/{playlist}"]
