"""What of a segment is decoded and looked at."""

from __future__ import annotations

import pytest
from tests.unit.sampling.clips import audio_only, noisy, segment, still

from pipeline.domain.errors import Poison
from pipeline.media.decode import looks


def offsets(data: bytes, per_second: float = 5.0, duration: float = 2.0) -> list[float]:
    return [look.offset for look in looks(data, per_second, duration)]


def test_looks_at_the_first_frame_and_then_on_a_fixed_grid() -> None:
    assert offsets(segment(still(1, 50))) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8])


def test_times_are_exact_whatever_the_segments_first_timestamp() -> None:
    assert offsets(segment(still(1, 60), fps=30), per_second=1, duration=2) == pytest.approx([0, 1.0])


def test_b_frames_that_nothing_refers_to_are_stepped_over_and_order_is_kept() -> None:
    data = segment(noisy(still(1, 50), 4), options={"preset": "medium", "bf": "3", "b-adapt": "0"})
    found = offsets(data)
    assert found == sorted(found)
    assert found[0] == 0
    assert all(abs(offset - 0.2 * index) <= 0.16 for index, offset in enumerate(found))


def test_a_segment_that_ends_in_the_middle_of_a_packet_gives_the_frames_it_has() -> None:
    data = segment(noisy(still(1, 50), 8))
    found = offsets(data[: len(data) // 2])
    assert 3 <= len(found) < 8


def test_a_segment_with_a_hole_gives_the_frames_around_it() -> None:
    data = segment(noisy(still(1, 50), 8))
    third = len(data) // 3 // 188 * 188
    assert len(offsets(data[:third] + data[third + 188 * 20 :])) >= 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "MPEG-TS"),
        (b"#EXTM3U\n#EXTINF:2,\nhttp://169.254.169.254/\n", "MPEG-TS|no video"),
        (b"\x47" + b"\x00" * 187, "no video|MPEG-TS"),
        (audio_only(), "no video"),
    ],
)
def test_what_cannot_be_decoded_is_poison_and_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Poison, match=reason):
        offsets(data)


def test_video_without_its_keyframe_is_poison() -> None:
    data = bytearray(segment(still(1, 5)))
    data[188 * 3 :] = b"".join(data[i : i + 4] + b"\xff" * 184 for i in range(188 * 3, len(data), 188))
    with pytest.raises(Poison, match=r"no frame|no video|MPEG-TS"):
        offsets(bytes(data))


def test_times_hold_though_the_segments_first_frames_are_damaged() -> None:
    options = {"preset": "ultrafast", "g": "10", "keyint_min": "10"}  # keyframes follow that can be decoded
    data = bytearray(segment(noisy(still(1, 50), 4), options=options))
    for start in range(188 * 4, 188 * 400, 188):  # the payload of the first packets
        data[start + 20 : start + 188] = bytes(168)
    found = offsets(bytes(data))
    assert found[0] > 0.5
    assert found[1:] == pytest.approx([1.0, 1.2, 1.4, 1.6, 1.8])
