"""The settings of the ingest service."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.settings import setting


@dataclass(frozen=True, slots=True)
class Ingest:
    """Settings of ingest."""

    segment_seconds: float = setting(
        "SEGMENT_SECONDS",
        "length of a segment, in seconds; cuts are made at keyframes",
        2.0,
    )
    max_segment_seconds: int = setting(
        "MAX_SEGMENT_SECONDS",
        "longest segment, in seconds; a stream with sparser keyframes is refused",
        12,
    )
    resume_seconds: float = setting("RESUME_SECONDS", "seconds that a session waits for a sender that broke off", 30.0)
    playlist_window: float = setting("PLAYLIST_WINDOW", "least seconds of video that the live playlist lists", 120.0)
    max_streams: int = setting("MAX_STREAMS", "streams that one instance takes at a time", 40)
    max_transcodes: float = setting(
        "MAX_TRANSCODES",
        "streams of 720p and 30 pictures a second that one instance transcodes at a time, instead of copying any: "
        "about one for each CPU",
        1.0,
    )
    post_max_mib: int = setting(
        "POST_MAX_MIB",
        "MiB of a plain POST after which its sender is told to use another way, because Cloud Run ends it at "
        "32; 0: no limit",
        0,
    )
    trusted_hops: int = setting(
        "TRUSTED_HOPS",
        "addresses at the end of `X-Forwarded-For` that our own front ends append: 1 on Cloud Run, 2 behind a load "
        "balancer, 0 without a front end",
        0,
    )
    max_mbits: float = setting(
        "MAX_MBITS",
        "Mbit/s of a live stream, on average; a sender that goes on above it for seconds is refused; 0: any",
        25.0,
    )
    sender_timeout: float = setting(
        "SENDER_TIMEOUT", "seconds without a byte after which a sender counts as gone", 15.0
    )
    connection_seconds: float = setting(
        "CONNECTION_SECONDS",
        "seconds after which a WebSocket's sender is asked to connect again: Cloud Run cuts a request at 3600",
        3300.0,
    )
    upload_deadline: float = setting(
        "UPLOAD_DEADLINE", "seconds that storing a segment is tried again before its session fails", 60.0
    )
    upload_queue: int = setting(
        "UPLOAD_QUEUE", "finished segments that may wait for the bucket before the sender is slowed", 2
    )
