"""Damaged input: a clear refusal or a clean end, never a crash, and what is listed follows the rules."""

from __future__ import annotations

import errno
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from av.error import ArgumentError, FFmpegError, InvalidDataError
from av.packet import Packet
from av.stream import Stream
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, ffmpeg_remux, make_clip
from tests.unit.ingest.world import Bytes, Memory, Records, publish, session

from ingest.hls import remux
from ingest.media import mpegts
from pipeline.domain.errors import UnsupportedMedia
from pipeline.media import containers


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("damage")
    made: Clip = make_clip(folder / "clip.ts", seconds=4)
    webm = make_clip(folder / "clip.webm", seconds=2, video="libvpx", audio="libopus")
    remuxed = {kind: ffmpeg_remux(made.path, kind) for kind in ("flv", "mp4", "matroska")}
    return {"mpegts": made.path, "webm": webm.path, **remuxed}


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Flipped bytes, early or anywhere, and at times a cut or a missing stretch."""
    wrong = bytearray(data)
    reach = rng.choice([3000, len(wrong)])
    for _ in range(rng.choice([1, 5, 50])):
        wrong[rng.randrange(min(reach, len(wrong)))] = rng.randrange(256)
    if rng.random() < 0.2:
        del wrong[rng.randrange(len(wrong)) :]
    if rng.random() < 0.2:
        start = rng.randrange(len(wrong) + 1)
        del wrong[start : start + rng.randrange(5000)]
    return bytes(wrong)


@pytest.mark.parametrize("kind", ["mpegts", "flv", "mp4", "matroska", "webm"])
def test_damage_is_refused_or_survived(clips: dict[str, Path], kind: str) -> None:
    data, rng = clips[kind].read_bytes(), random.Random(kind)
    for _ in range(25):
        storage, records = Memory(), Records()
        try:
            session(storage, records).run(Bytes(damaged(data, rng)))
        except UnsupportedMedia as refused:
            assert records.stream()["error"]["message"] == str(refused)
        assert records.stream()["state"] in ("ended", "error")
        for text in storage.revisions.get("vod.m3u8", []):
            assert lint(text) == []


def flv_with(data: bytes, kind: int, mask: int, codec: int) -> bytes:
    """Every tag of `kind` (8: sound, 9: video) with another codec's number."""
    wrong, at = bytearray(data), 13
    while at < len(wrong):
        if wrong[at] == kind:
            wrong[at + 11] = wrong[at + 11] & mask | codec
        at += 15 + int.from_bytes(wrong[at + 1 : at + 4])
    return bytes(wrong)


@pytest.mark.parametrize(
    ("kind", "mask", "codec", "found"),
    [(9, 0xF0, 0x0B, "video of an unknown codec"), (8, 0x0F, 0xC0, "sound of an unknown codec")],
)
def test_an_unknown_codec_is_refused_by_what_it_is(
    clips: dict[str, Path], kind: int, mask: int, codec: int, found: str
) -> None:
    with pytest.raises(UnsupportedMedia, match=f"found {found} in FLV"):
        publish(flv_with(clips["flv"].read_bytes(), kind, mask, codec))


def test_sound_whose_description_is_none_is_refused(tmp_path: Path) -> None:
    """One byte of an AudioSpecificConfig: an object type that ADTS has no number for. It crashed the process."""
    wrong, at = bytearray(make_clip(tmp_path / "clip.flv", seconds=4, options={"bf": "0"}).path.read_bytes()), 13
    while wrong[at] != 8 or wrong[at + 12] != 0:  # the tag that describes the sound
        at += 15 + int.from_bytes(wrong[at + 1 : at + 4])
    wrong[at + 13] &= 0x07
    with pytest.raises(UnsupportedMedia, match="description of its picture or sound"):
        publish(bytes(wrong))


def test_a_picture_that_no_encoder_takes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thin.webm"
    source = ["-f", "lavfi", "-i", "rgbtestsrc=size=1x64:rate=25:duration=1", "-pix_fmt", "yuv444p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-c:v", "libvpx-vp9", "-f", "webm", str(path)], check=True)
    with pytest.raises(UnsupportedMedia, match="found a picture of 1 × 64 at 25 frames a second"):
        publish(path.read_bytes())


@pytest.mark.parametrize("track", [0, 1], ids=["picture", "sound"])
def test_a_pushed_segment_whose_sound_is_of_another_time_is_refused(tmp_path: Path, track: int) -> None:
    """It cannot be put on the session's clock: its keyframe would be stored at another time than is listed."""
    data = bytearray(ffmpeg_remux(make_clip(tmp_path / "clip.ts", seconds=1).path, "mp4").read_bytes())
    remux.measure(bytes(data))
    at = -1
    for _ in range(track + 1):
        at = data.index(b"tfdt", at + 1)
    time = int.from_bytes(data[at + 8 : at + 16])  # of the first picture, or sound, in a box of version 1
    data[at + 8 : at + 16] = (time + 20 * 90_000).to_bytes(8)
    for do in (remux.measure, lambda data: remux.convert(data, 4.0)):
        with pytest.raises(UnsupportedMedia, match=r"sound and pictures lie .* s apart"):
            do(bytes(data))


def test_what_ffmpeg_gives_up_while_it_is_opened_is_refused(clips: dict[str, Path], monkeypatch: Any) -> None:
    """As where a damaged index of MP4 says that its first picture has gigabytes."""

    def without_memory(*_: object) -> Iterator[Packet[Stream]]:
        raise FFmpegError(errno.ENOMEM, "Cannot allocate memory")
        yield

    monkeypatch.setattr(containers, "packets", without_memory)
    for do in (remux.measure, publish):
        with pytest.raises(UnsupportedMedia, match="became unreadable: Cannot allocate memory"):
            do(clips["mp4"].read_bytes())


@pytest.mark.parametrize("kind", [InvalidDataError, ArgumentError])
def test_what_the_muxer_cannot_write_is_refused(kind: type[FFmpegError], monkeypatch: Any) -> None:
    """As where a Matroska describes its sound in a way that only the muxer looks at."""

    def without_header() -> None:
        raise kind(errno.EINVAL, "Invalid argument")

    refusing = SimpleNamespace(add_stream_from_template=lambda template: template, start_encoding=without_header)
    monkeypatch.setattr(mpegts.av, "open", lambda *_, **__: refusing)
    with pytest.raises(UnsupportedMedia, match="description of its picture or sound is damaged"):
        mpegts.write([], 0, cast(Stream, object()), None)
