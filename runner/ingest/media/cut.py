"""The rule that chooses the keyframes to cut at. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .units import CLOCK

KEYFRAME_HINT = "set the encoder's keyframe interval to 2 seconds (OBS: Keyframe Interval 2 s; ffmpeg: -g 60 at 30 fps)"


@dataclass(frozen=True, slots=True)
class CutRule:
    """Cuts at the keyframe nearest `target`, never before `minimum`; all in ticks.

    `longest`: the longest segment. A stream whose keyframes are further apart cannot be cut.
    """

    target: int
    minimum: int
    longest: int

    @classmethod
    def of(cls, segment_seconds: float, max_segment_seconds: int) -> CutRule:
        """The rule for segments of about `segment_seconds` under an EXT-X-TARGETDURATION of `max_segment_seconds`.

        A playlist promises that each duration, rounded, is at most the target duration: 12.49 s still rounds to 12.
        """
        return cls(
            target=max(round(segment_seconds * CLOCK), CLOCK),
            minimum=CLOCK,
            longest=max_segment_seconds * CLOCK + CLOCK // 2 - 1,
        )

    def cuts_at(self, elapsed: int, gop: int) -> bool:
        """Whether to cut at a keyframe `elapsed` ticks into the segment, `gop` ticks after the keyframe before it.

        The next keyframe is expected one GOP later: cut here if that would land further from the target.
        """
        if elapsed < self.minimum:
            return False
        return abs(elapsed - self.target) <= abs(elapsed + gop - self.target)
