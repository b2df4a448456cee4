"""Words as captions: where one ends, who speaks, and how players read them."""

from __future__ import annotations

import pytest

from pipeline.reports.spoken import Cue, Heard, Said, as_srt, as_vtt, cues, joined


def said(start: float, *words: str, speaker: str | None = None) -> list[Said]:
    """A word each quarter of a second."""
    return [Said(word, start + n / 4, start + n / 4 + 0.2, None, speaker) for n, word in enumerate(words)]


def heard(sequence: int, begins: float, *words: Said, failed: bool = False) -> Heard:
    return Heard(sequence, begins, words, failed)


def test_a_few_words_are_a_caption_that_stays_a_little() -> None:
    assert cues(said(1, "good", "evening", "listeners")) == [Cue(1, 2.3, "good evening listeners")]


def test_a_pause_ends_a_caption_before_the_next_begins() -> None:
    assert [cue.text for cue in cues([*said(1, "one"), *said(2.1, "two")])] == ["one", "two"]
    assert cues([*said(1, "one"), *said(2.1, "two")])[0].end == pytest.approx(1.8)


def test_captions_are_short() -> None:
    found = cues(said(0, *["word"] * 60))
    assert all(len(cue.text) <= 68 and cue.end - cue.start <= 5.6 for cue in found)
    assert " ".join(cue.text for cue in found).split() == ["word"] * 60


def test_each_turn_names_its_speaker() -> None:
    found = cues([*said(1, "Hello.", speaker="1"), *said(1.3, "Good", "evening.", speaker="2")])
    assert [cue.text for cue in found] == ["Speaker 1: Hello.", "Speaker 2: Good evening."]


def test_a_word_that_two_segments_heard_is_told_once() -> None:
    first, second = heard(0, 0.0, *said(1.5, "say", "hel")), heard(1, 1.7, *said(1.74, "hello"))
    assert [[word.text for word in words] for _, words in joined([first, second])] == [["say"], ["hello"]]
    failed = heard(1, 1.7, failed=True)
    assert [[word.text for word in words] for _, words in joined([first, failed])] == [["say", "hel"], []]


def test_files_of_captions() -> None:
    captions = [Cue(0.5, 1.25, "a < b"), Cue(3661.001, 3662, "later")]
    assert as_vtt(captions) == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.250\na &lt; b\n\n01:01:01.001 --> 01:01:02.000\nlater\n"
    )
    assert as_srt(captions) == "1\n00:00:00,500 --> 00:00:01,250\na < b\n\n2\n01:01:01,001 --> 01:01:02,000\nlater\n"
    assert (as_vtt([]), as_srt([])) == ("WEBVTT\n", "")
