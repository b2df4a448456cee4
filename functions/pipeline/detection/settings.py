"""Settings of `detect`: the defaults of `config/analysis` and of streams."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.model import Kind
from ..domain.providers import provider
from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Detection:
    """The deployment's defaults, and how providers are called."""

    kinds: tuple[str, ...] = setting(
        "DETECT_KINDS",
        "kinds of detections, separated by commas: `logo`, `text`, `object`, `label`, `face`, `safe_search`",
        ("logo", "text"),
    )
    providers: tuple[str, ...] = setting(
        "DETECT_PROVIDER",
        "providers that detect, separated by commas, the preferred one first; the next one looks while that rests: "
        "`vision`, `clip`, `owl`, `gallery`, `local`",
        ("vision",),
    )
    threshold: float = setting("DETECT_THRESHOLD", "confidence, 0 to 1, from which on a detection is kept", 0.5)
    timeout: float = setting("DETECT_TIMEOUT", "seconds that a provider may take for a frame", 20.0)
    vision_location: str = setting(
        "VISION_LOCATION", "location where Cloud Vision works on pictures: `global` (anywhere), `eu` or `us`", "global"
    )
    failures: int = setting("BREAKER_FAILURES", "failures after which a provider is left alone", 5)
    window: float = setting("BREAKER_WINDOW", "seconds within which failures of a provider count", 30.0)
    rest: float = setting(
        "BREAKER_REST",
        "seconds for which a provider that failed is left alone, doubled each time up to 60",
        10.0,
    )
    remote_topic: str = setting(
        "REMOTE_TOPIC",
        "topic to which frames are handed on for providers at addresses of their own, as projects/PROJECT/topics/NAME; "
        "without one they are asked here",
        "",
    )
    clip_url: str = setting(
        "CLIP_URL",
        "address of the CLIP service, unless `config/analysis` names another; housekeep has that of a "
        "`clipService` alone, and keeps it warm",
        "",
    )
    clip_key: str = setting(
        "CLIP_KEY",
        "key that the CLIP service at `CLIP_URL` wants (`make clip`); it is sent there and nowhere else",
        "",
    )
    provider_secret: str = setting(
        "PROVIDER_SECRET", "secret that the keys of `own_providers` of `config/analysis` are sealed with", ""
    )
    places_private: bool = setting(
        "PLACES_PRIVATE",
        "`places` and `own_providers` of `config/analysis` may name hosts with private addresses, such as a LAN's",
        False,
    )

    def endpoint(self, name: str) -> str:
        """The address of provider `name` unless config/analysis names another; empty without one."""
        return self.clip_url.rstrip("/") if name in ("clip", "owl") else ""


@cache
def detection() -> Detection:
    """The settings of this process. Raises ValueError if one names an unknown kind, provider or location."""
    settings = load(Detection)
    for kind in settings.kinds:
        Kind(kind)
    for name in settings.providers:
        provider(name)
    if settings.vision_location not in ("global", "eu", "us"):
        raise ValueError(f"VISION_LOCATION={settings.vision_location!r}: expected global, eu or us")
    return settings
