"""Each family of the gallery, by each way in that takes it, judged by one oracle and beside a peer, `ffmpeg -f hls`."""

from __future__ import annotations

import io
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import cv2
import numpy as np
import pytest
from google.cloud import vision

from emulator.emulators.vision.annotators.base import FeatureOptions
from emulator.emulators.vision.annotators.text import TextAnnotator
from pipeline.detection.logos.model import Pixels
from tests.senders.gallery import CHECKS, GALLERY, Family, shown
from tests.senders.inputs import stored
from tests.senders.oracle import holes
from tests.senders.watching import played

WORDS = {name: one.word for name, one in GALLERY.items() if one.word}
PEER = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-c:a", "aac")


def first_picture(data: bytes, name: str | None = None) -> Pixels:
    with av.open(io.BytesIO(data), "r", format=name) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)


@pytest.mark.parametrize(("family", "way"), CHECKS)
def test_what_it_sends_is_shown(family: str, way: str) -> None:
    sender = GALLERY[family]
    frame = 1 / sender.rate / sender.units

    found = shown(family, way)

    assert found.ends == pytest.approx(sender.seconds, abs=frame + 0.1)
    assert len(found.pictures) == pytest.approx(sender.seconds / frame, abs=2)
    assert found.pictures == sorted(found.pictures)
    assert holes(found.pictures) == pytest.approx(frame, abs=0.002)
    assert not any(found.breaks)
    if sender.sound:
        assert holes(found.sounds) < 0.13
        assert found.sounds[-1] == pytest.approx(sender.seconds, abs=0.25)
    expected = first_picture(sender.written())
    picture = first_picture(found.segments[0].data, "mpegts")
    assert picture.shape == expected.shape == (*sender.size[::-1], 3)
    assert cv2.absdiff(picture, expected).mean() < 5


@cache
def beside(sender: Family) -> tuple[float, list[float], float]:
    """Of what `ffmpeg -f hls` makes of it: its length, the times of its pictures after the first, the end of its sound
    after the first picture."""
    with TemporaryDirectory() as folder:
        source = stored(sender.written(), sender.name)
        single = ("-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_flags", "single_file")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-analyzeduration", "20M", "-i", source, *PEER, *single, f"{folder}/peer.m3u8"],
            check=True,
        )
        lines = Path(folder, "peer.m3u8").read_text().splitlines()
        length = sum(float(line[8:].rstrip(",")) for line in lines if line.startswith("#EXTINF:"))
        pictures, sound = [], 0.0
        with av.open(f"{folder}/peer.ts") as container:
            for packet in container.demux():
                if packet.pts is None or packet.time_base is None:
                    continue
                at = float(packet.pts * packet.time_base)
                if packet.stream.type == "video":
                    pictures.append(at)
                else:
                    sound = max(sound, at)
    pictures.sort()
    return length, [at - pictures[0] for at in pictures], sound - pictures[0]


@pytest.mark.parametrize("family", GALLERY)
def test_a_peer_makes_the_same_of_it(family: str) -> None:
    sender = GALLERY[family]
    length, pictures, sound = beside(sender)

    for way in sender.ways:
        found = shown(family, way)

        assert found.ends == pytest.approx(length, abs=1 / sender.rate + 0.1), way
        ours = [at - found.pictures[0] for at in found.pictures[:: sender.units]]
        assert ours == pytest.approx(pictures, abs=0.002), way
        if sender.sound:
            assert found.sounds[-1] - found.pictures[0] == pytest.approx(sound, abs=0.15), way


def middle(picture: Pixels) -> Pixels:
    """The band that the word stands on, four times as wide as it is high."""
    height, width = picture.shape[:2]
    return cv2.resize(picture[height // 2 - width // 8 : height // 2 + width // 8], (320, 80)).astype(np.uint8)


def test_what_stands_on_the_picture_of_each_is_read() -> None:
    """By the recogniser that stands in for Vision, the pictures of all families at once."""
    tiles = [middle(first_picture(shown(one, GALLERY[one].ways[0]).segments[0].data, "mpegts")) for one in WORDS]
    reader = TextAnnotator()
    read: list[str] = []

    for at in range(0, len(tiles), 6):
        answer = vision.AnnotateImageResponse.pb(vision.AnnotateImageResponse())
        reader.annotate(np.vstack(tiles[at : at + 6]), FeatureOptions(), answer)
        read += answer.full_text_annotation.text.replace(" ", "").split("\n")

    assert read == list(WORDS.values())


def test_each_plays_to_its_end_in_a_browser(browser: Any) -> None:
    """By one way each, another for the next: what the ways make of it is the same (above)."""
    ways = {name: one.ways[at % len(one.ways)] for at, (name, one) in enumerate(GALLERY.items())}

    ends = played(browser, {name: shown(name, way) for name, way in ways.items()})

    expected = {name: (None, pytest.approx(one.seconds, abs=0.3)) for name, one in GALLERY.items()}
    assert ends == expected
