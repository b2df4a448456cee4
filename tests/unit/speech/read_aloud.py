"""Sentences that people read aloud, word by word: of LibriVox, in the public domain, as Debian brings them.

The package pocketsphinx-testdata has them (`local-emulator/setup.sh test` installs it), with what is read. When each
word is said is found by forced alignment: the recogniser is told the words and looks for their times only.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

from pipeline.domain.model import Transcript, Word
from pipeline.speech.sound import Samples
from pipeline.speech.sound_store import RATE

FOLDER = Path("/usr/share/pocketsphinx/test/data/librivox")
_SENTENCE = re.compile(r"<s> (.*) </s> \((.*)\)")


@dataclass(frozen=True)
class Reading:
    """Sound at RATE, and the words that are said in it."""

    samples: Samples
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        return self.samples.size / RATE

    @property
    def sound(self) -> NDArray[np.float32]:
        """From -1 to 1."""
        return self.samples.astype(np.float32) / np.float32(32768)

    def part(self, start: float, end: float) -> bytes:
        """LINEAR16."""
        return self.samples[round(start * RATE) : round(end * RATE)].astype("<i2").tobytes()


@dataclass(frozen=True)
class Compared:
    """What was heard beside what was said: the share of words that are right, wrong ones per word said, errors in s."""

    right: float
    wrong: float
    errors: tuple[float, ...]


def reading(sentences: int = 5) -> Reading:
    """The first of five sentences; all of them are 24.7 seconds, 71 words."""
    assert FOLDER.exists(), "Debian's pocketsphinx-testdata is missing (local-emulator/setup.sh test)"
    aligner = Decoder(samprate=RATE, loglevel="FATAL", lm=None)
    sounds, words, at = list[Samples](), list[Word](), 0.0
    for text, name in _SENTENCE.findall((FOLDER / "transcription").read_text())[:sentences]:
        with wave.open(str(FOLDER / f"{name}.wav")) as file:
            sounds.append(np.frombuffer(file.readframes(file.getnframes()), "<i2"))
        words += _aligned(aligner, text, sounds[-1], at)
        at += sounds[-1].size / RATE
    return Reading(np.concatenate(sounds), tuple(words))


def compared(heard: Sequence[Word], said: Sequence[Word]) -> Compared:
    """Words are taken for the same where they stand in the same order."""
    matcher = SequenceMatcher(None, [one.text for one in heard], [one.text for one in said], autojunk=False)
    pairs = [(heard[a + n], said[b + n]) for a, b, size in matcher.get_matching_blocks() for n in range(size)]
    wrong = sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")
    errors = [abs(one - other) for a, b in pairs for one, other in ((a.start, b.start), (a.end, b.end))]
    return Compared(len(pairs) / len(said), wrong / len(said), tuple(errors))


def _aligned(aligner: Decoder, text: str, samples: Samples, at: float) -> list[Word]:
    aligner.set_align_text(text)
    aligner.start_utt()
    aligner.process_raw(samples.tobytes(), no_search=False, full_utt=True)
    aligner.end_utt()
    found = [one for one in aligner.seg() or () if one.word[0] not in "<[(+"]
    spelt = [re.sub(r"\(\d+\)$", "", one.word) for one in found]
    assert spelt == text.split(), f"{text!r} was aligned as {spelt}"
    return [
        Word(word, at + one.start_frame / 100, at + (one.end_frame + 1) / 100)
        for word, one in zip(spelt, found, strict=True)
    ]


def joined(transcripts: Sequence[Transcript]) -> list[Word]:
    """The words of transcripts that are in order of their segments, each word once."""
    words: list[Word] = []
    for one, following in pairwise([*transcripts, None]):
        assert one is not None
        until = _taken_over(following)
        words += [word for word in one.words if (word.start + word.end) / 2 < until]
    return words


def _taken_over(following: Transcript | None) -> float:
    """Where a later transcript takes over: at its first word, if that comes before what it heard alone."""
    if following is None or following.error is not None:
        return float("inf")
    return min([following.begins, *(word.start for word in following.words[:1])])
