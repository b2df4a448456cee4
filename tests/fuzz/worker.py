"""A process that takes inputs and says what became of each: FFmpeg may crash, and only this process with it.

A line of JSON in ({"target", "path"}), a line out ({"outcome", "fault", "peak_mb"}).
"""

from __future__ import annotations

import io
import json
import logging
import sys
import traceback
from pathlib import Path

from ingest.hls import boxes, remux
from ingest.hls.listing import parse
from ingest.media import mpegts
from ingest.media.cut import CutRule
from ingest.media.probe import open_media
from ingest.media.segmenter import Piece, Segmenter
from ingest.media.source import Media
from pipeline.domain.errors import BadRequest, UnsupportedMedia
from pipeline.speech.sound import sound as heard_in
from pipeline.speech.sound_store import RATE
from tests.lint.segments import lint_segment

_RULE = CutRule.of(0.5, 6)
_AT = 4.0  # seconds of media time at which a pushed segment is stored


def media(data: bytes) -> str:
    """Opens, cuts and writes an input as a session does. What became of it; AssertionError where that is wrong."""
    pieces = 0
    try:
        opened = open_media(io.BytesIO(data), _RULE)
        with opened.container:
            segmenter = Segmenter(_RULE, sound=opened.sound is not None)
            try:
                for unit in opened.units():
                    for piece in segmenter.push(unit):
                        pieces += _judge(piece, segmenter, opened)
            finally:
                for piece in segmenter.flush():
                    pieces += _judge(piece, segmenter, opened)
    except UnsupportedMedia as refused:
        assert len(str(refused)) > 20, f"the refusal says nothing: {refused}"
        return f"refused after {'some' if pieces else 'no'} segments"
    return "segments" if pieces else "nothing"


def pushed(data: bytes) -> str:
    """Measures and remuxes an input as a segment that an HLS sender puts. What became of it."""
    try:
        if boxes.is_init(data):
            return "init"
        content = remux.measure(data)
        assert content.duration > 0, f"a segment of {content.duration} s"
        faults = lint_segment(remux.convert(data, _AT), _AT)
    except UnsupportedMedia as refused:
        assert len(str(refused)) > 20, f"the refusal says nothing: {refused}"
        return "refused"
    assert not faults, faults
    return "segment"


def listing(data: bytes) -> str:
    """Reads an input as a playlist that an HLS sender puts. What became of it."""
    try:
        found = parse("live.m3u8", data, "fuzzed")
    except (BadRequest, UnsupportedMedia) as refused:
        assert len(str(refused)) > 20, f"the refusal says nothing: {refused}"
        return "refused"
    return "multivariant" if found is None else "listing"


def _judge(piece: Piece, segmenter: Segmenter, opened: Media) -> int:
    sound = opened.sound.template if opened.sound else None
    data = mpegts.write(piece.units, segmenter.zero or 0, opened.picture.template, sound)
    faults = lint_segment(data, piece.start / 90_000)
    assert not faults, f"segment {piece.sequence}: {faults}"
    assert 0 < piece.duration <= _RULE.longest, f"segment {piece.sequence} lasts {piece.duration} ticks"
    heard = heard_in(data, piece.duration / 90_000)  # as `transcribe` does: damage in its sound came through as it was
    assert heard is None or heard.size == round(piece.duration / 90_000 * RATE)
    return 1


TARGETS = {"media": media, "pushed": pushed, "listing": listing}


def main() -> None:
    """Until standard input ends."""
    logging.disable()
    for line in sys.stdin:
        fault, outcome = None, "fault"
        asked = json.loads(line)
        try:
            outcome = TARGETS[asked["target"]](Path(asked["path"]).read_bytes())
        except Exception:  # noqa: BLE001 - what is looked for
            fault = traceback.format_exc()
        print(json.dumps({"outcome": outcome, "fault": fault, "peak_mb": peak_mb()}), flush=True)


def peak_mb() -> int:
    """Most memory this process has had. Not `ru_maxrss`, which a process inherits from the one that started it."""
    [line] = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
