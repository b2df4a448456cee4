"""Real speech, heard through Google's own client: which words, and when."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

import numpy as np
import pytest
from google.cloud import speech_v2
from google.cloud.speech_v2.types import RecognitionFeatures, RecognizeResponse
from tests.contract.speech.hearing import heard, words
from tests.unit.speech.read_aloud import Reading, compared, reading


@pytest.fixture(scope="module")
def said() -> Reading:
    return reading()


@pytest.fixture(scope="module")
def response(client: speech_v2.SpeechClient, said: Reading) -> RecognizeResponse:
    """To the whole reading."""
    return heard(client, said.part(0, said.seconds))


def test_words_are_heard_where_they_are_said(response: RecognizeResponse, said: Reading) -> None:
    found = compared(words(response), said.words)
    assert found.right >= 0.7
    assert median(found.errors) <= 0.05
    assert np.percentile(found.errors, 90) <= 0.15
    [result] = response.results
    assert result.language_code == "en-us"
    assert result.alternatives[0].transcript == " ".join(word.text for word in words(response))
    assert response.metadata.total_billed_duration == timedelta(seconds=25)


def test_a_word_begins_where_the_silence_ends(client: speech_v2.SpeechClient, said: Reading) -> None:
    """Known without any recogniser: a sentence, two seconds of silence before it."""
    sentence = said.samples[: 7 * 16000]
    loud = np.flatnonzero(np.abs(sentence.astype(int)) > 1000)[0] / 16000
    content = np.concatenate([np.zeros(32000, np.int16), sentence]).astype("<i2").tobytes()
    assert words(heard(client, content))[0].start == pytest.approx(2 + loud, abs=0.15)


def test_how_sure_it_is_differs_from_word_to_word(response: RecognizeResponse) -> None:
    sure = [word.confidence or 0.0 for word in words(response)]
    assert all(0 < one <= 1 for one in sure)
    assert min(sure) < 0.5 < max(sure)


def test_what_was_heard_before_changes_nothing(client: speech_v2.SpeechClient, said: Reading) -> None:
    once = words(heard(client, said.part(0, 7)))
    heard(client, said.part(12, 20))
    assert words(heard(client, said.part(0, 7))) == once


def test_the_first_of_two_channels_is_heard(client: speech_v2.SpeechClient, said: Reading) -> None:
    first = said.samples[: 4 * 16000]
    both = np.stack([first, np.zeros_like(first)], axis=1).astype("<i2").tobytes()
    assert words(heard(client, both, channels=2)) == words(heard(client, first.astype("<i2").tobytes()))


def test_what_is_not_asked_for_is_left_out(client: speech_v2.SpeechClient, said: Reading) -> None:
    [result] = heard(client, said.part(0, 7), RecognitionFeatures()).results
    assert result.alternatives[0].transcript
    assert list(result.alternatives[0].words) == []
    times = RecognitionFeatures(enable_word_time_offsets=True)
    assert {word.confidence for word in words(heard(client, said.part(0, 7), times))} == {0.0}


def test_in_silence_and_in_noise_there_are_no_words(client: speech_v2.SpeechClient) -> None:
    silence = heard(client, bytes(2 * 16000 * 3))
    assert list(silence.results) == []
    assert silence.metadata.total_billed_duration == timedelta(seconds=3)
    noise = np.random.default_rng(1).normal(0, 2000, 48000).astype("<i2").tobytes()
    assert len(words(heard(client, noise))) <= 1
