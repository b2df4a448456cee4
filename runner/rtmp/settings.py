"""The settings of the RTMP relay."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.settings import setting


@dataclass(frozen=True, slots=True)
class Rtmp:
    """Settings of the relay."""

    ingest_url: str = setting("INGEST_URL", "address of ingest that the RTMP relay sends to, http(s)://HOST")
    rtmp_port: int = setting("RTMP_PORT", "port on which the RTMP relay listens to encoders", 1935)
    host: str = setting("HOST", "address on which the RTMP relay listens to encoders", "0.0.0.0")
    port: int = setting("PORT", "port of the RTMP relay, on loopback, for health checks and nginx", 8080)
