"""Where words belong that two segments have heard."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.speech.read_aloud import joined

from pipeline.domain.errors import Code, Failure
from pipeline.domain.model import Segment, SegmentRef, Transcript, Word
from pipeline.speech.words import Heard, begins, placed

LEAD = 1.0
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def transcript(
    sequence: int, start: float, heard: list[Heard], lead: float = LEAD, error: str | None = None
) -> Transcript:
    segment = Segment(SegmentRef("s", "t", sequence), start, 2.0, NOW)
    failure = Failure(Code.QUOTA_EXCEEDED, error) if error else None
    return Transcript(segment, begins(start, lead), placed(heard, start, lead), error=failure)


def test_words_stand_at_their_media_time() -> None:
    [word] = placed([Heard("hello", 1.25, 1.75, 0.9)], media_time=10.0, lead=1.0)
    assert word == Word("hello", 10.25, 10.75, 0.9)


def test_what_was_said_before_the_hand_over_is_left_to_the_segment_before() -> None:
    heard = [Heard("gone", 0.0, 0.4), Heard("kept", 0.6, 1.2)]
    assert [word.text for word in placed(heard, 10.0, LEAD)] == ["kept"]
    assert begins(10.0, LEAD) == 9.5


def test_without_a_segment_before_everything_is_kept() -> None:
    assert [word.text for word in placed([Heard("a", 0.0, 0.1)], 0.0, 0.0)] == ["a"]
    assert begins(4.0, 0.0) == 4.0


def test_a_word_that_an_end_cuts_off_is_taken_from_the_segment_that_heard_it_whole() -> None:
    first = transcript(0, 0.0, [Heard("say", 1.0, 1.4), Heard("hell", 1.7, 2.0)], lead=0.0)
    second = transcript(1, 2.0, [Heard("say", 0.02, 0.41), Heard("hello", 0.71, 1.2)])
    assert [word.text for word in joined([first])] == ["say", "hell"]  # until the other one is there
    assert [(word.text, word.start) for word in joined([first, second])] == [("say", 1.0), ("hello", 1.71)]


def test_a_segment_that_failed_takes_nothing_over() -> None:
    first = transcript(0, 0.0, [Heard("end", 1.6, 1.9)], lead=0.0)
    failed = transcript(1, 2.0, [], error="quota")
    assert [word.text for word in joined([first, failed])] == ["end"]


def test_a_segment_in_which_nobody_speaks_takes_the_rest_over() -> None:
    first = transcript(0, 0.0, [Heard("end", 1.2, 1.4), Heard("of", 1.85, 1.99)], lead=0.0)
    assert [word.text for word in joined([first, transcript(1, 2.0, [])])] == ["end"]


lengths = st.lists(st.floats(0.2, 0.6), min_size=1, max_size=30)
cuts = st.lists(st.floats(1.0, 3.0), min_size=1, max_size=8)


@given(lengths, cuts, st.integers(0, 1 << 30))
def test_each_word_comes_once_however_segments_are_cut(words: list[float], cut: list[float], seed: int) -> None:
    """Who hears a word whole gives its times to within 40 ms; who hears a part of it hears something else."""
    random_ = random.Random(seed)
    ends = list(accumulate(length + random_.uniform(0.11, 0.3) for length in words))
    said = [Word(str(n), end - length, end) for n, (length, end) in enumerate(zip(words, ends, strict=True))]
    borders = [0.0, *accumulate(cut)]
    borders.append(max(borders[-1] + 1, ends[-1] + 1))

    def hear(start: float, end: float) -> list[Heard]:
        heard: list[Heard] = []
        for word in said:
            low, high = max(word.start, start), min(word.end, end)
            if low < high:
                whole = (low, high) == (word.start, word.end)
                jitter = random_.uniform(-0.04, 0.04) if whole else 0.0
                text = word.text if whole else "noise"
                heard.append(Heard(text, low + jitter - start, high + jitter - start))
        return heard

    transcripts: list[Transcript] = []
    for sequence, (start, end) in enumerate(pairwise(borders)):
        lead = LEAD if sequence else 0.0
        transcripts.append(transcript(sequence, start, hear(start - lead, end), lead))
    assert [word.text for word in joined(transcripts)] == [word.text for word in said]


def test_confidence_may_be_unknown() -> None:
    assert placed([Heard("a", 1.0, 1.1)], 0.0, 0.0)[0].confidence is None
