"""Settings of the API."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Api:
    """The key, the origins that may call, and the address of ingest."""

    admin_key: str = setting("ADMIN_KEY", "key of the API, sent as `Authorization: Bearer KEY`")
    allowed_origins: tuple[str, ...] = setting(
        "ALLOWED_ORIGINS",
        "other origins whose pages may call the API, separated by commas, or `*`",
        (),
    )
    trusted_hops: int = setting(
        "TRUSTED_HOPS",
        "addresses at the end of `X-Forwarded-For` that our own front ends append: 1 on Cloud Run, 2 behind a load "
        "balancer, 0 without a front end",
        0,
    )
    ingest_url: str = setting("INGEST_URL", "address of ingest, which the API returns with a stream", "")
    rtmp_url: str = setting("RTMP_URL", "address of the RTMP relay, likewise", "")


@cache
def api() -> Api:
    """The settings of this process."""
    return load(Api)
