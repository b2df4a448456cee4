"""The settings of the RTMP relay."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.settings import setting


@dataclass(frozen=True, slots=True)
class Rtmp:
    """What the relay can be told."""

    ingest_url: str = setting("INGEST_URL", "where ingest answers, http(s)://HOST")
    rtmp_port: int = setting("RTMP_PORT", "port on which encoders are listened to", 1935)
    host: str = setting("HOST", "address on which encoders are listened to", "0.0.0.0")
    port: int = setting("PORT", "port, on loopback, of health checks and of nginx's questions", 8080)
