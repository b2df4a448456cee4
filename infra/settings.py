"""Settings of the deployment: `pulumi config set NAME VALUE`. Only `gcp:project` must be set.

Each is one field, with its name, its meaning and its default. `declared()` lists them for the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import UnionType
from typing import Any, get_args, get_type_hints

import pulumi

WORKLOADS = (
    *("ingest", "sample", "detect", "transcribe", "front", "imports", "importer"),
    *("rtmp", "housekeep", "clip", "bury"),
)

TRACED = ("ingest", "sample", "detect", "transcribe", "imports", "importer", "bury")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `default` is None where it is derived or absent. `secret`: set it with `--secret`.

    `variable` is what the workloads in `read_by` know it by; unset, their own default holds.
    """

    name: str
    help: str
    default: str | None = None
    secret: bool = False
    variable: str | None = None
    read_by: tuple[str, ...] = ()


def setting(name: str, help: str, default: Any = None, *, secret: bool = False) -> Any:
    """A dataclass field that is read from the stack's configuration."""
    return field(default=default, metadata={"setting": Setting(name, help, _text(default), secret)})


def passed(name: str, help: str, variable: str, *read_by: str) -> Any:
    """A dataclass field that is handed to the workloads `read_by` as `variable`, where it is set."""
    return field(default=None, metadata={"setting": Setting(name, help, variable=variable, read_by=read_by)})


def _text(default: Any) -> str | None:
    if default is None:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment. Retention is in days, times in seconds."""

    region: str = setting("region", "where everything runs and is stored", "europe-west1")
    any_region: bool = setting(
        "anyRegion", "the project may build functions, and use GPUs, in `region`, though a new one may not", False
    )
    cpu_quota: int = setting("cpuQuota", "vCPU that Cloud Run gives the project in `region`, in all", 20)
    memory_quota: int = setting("memoryQuota", "GiB that Cloud Run gives the project in `region`, in all", 40)
    database: str = setting("database", "Firestore database; a project has one '(default)'", "(default)")
    keep_data: bool = setting("keepData", "`pulumi destroy` leaves the database and the buckets with objects", False)
    segment_days: int = setting("segmentDays", "days until segments and playlists are deleted", 7)
    frame_days: int = setting("frameDays", "days until sampled frames are deleted", 30)
    upload_days: int = setting("uploadDays", "days until uploaded files are deleted", 7)
    domain: str | None = setting(
        "domain", "host name of the page, behind a load balancer with a certificate and a CDN; billed while it is there"
    )
    web_origins: tuple[str, ...] = setting(
        "webOrigins", "other origins whose pages may use the API and the media, with commas; or *", ()
    )
    site_dir: str = setting("siteDir", "folder of the built site, relative to infra/", "../web/dist")
    events_secret: pulumi.Output[str] | None = setting(
        "eventsSecret", "key that announcements of segments are signed with; without it one is made", secret=True
    )
    admin_key: pulumi.Output[str] | None = setting(
        "adminKey", "key of the stream API; without it one is made and kept in the stack", secret=True
    )
    ingest_image: str | None = setting("ingestImage", "a ready ingest image; without it one is built and pushed")
    front_image: str | None = setting("frontImage", "a ready front image; without it one is built and pushed")
    importer_image: str | None = setting("importerImage", "a ready importer image; without it one is built and pushed")
    import_hours: int = setting("importHours", "hours that the import of one file may take, at most 168", 24)
    ingest_max_instances: int = setting("ingestMaxInstances", "at most so many ingest containers", 2)
    streams_per_instance: int = setting("streamsPerInstance", "streams that one ingest container takes at a time", 40)
    ingest_cpu: int = setting(
        "ingestCpu", "CPUs of an ingest container, 1, 2, 4 or 8: each transcodes one stream of 720p", 1
    )
    trusted_hops: int = setting(
        "trustedHops", "front ends that note a caller's address: 1 for Cloud Run, 2 behind a load balancer", 1
    )
    rtmp_server: bool = setting("rtmpServer", "a small machine that takes RTMP on port 1935, always on", False)
    rtmp_image: str | None = setting("rtmpImage", "a ready RTMP image; without it one is built and pushed")
    rtmp_machine: str = setting("rtmpMachine", "its machine type: streams are copied, not transcoded", "e2-small")
    clip_service: bool = setting("clipService", "a service that runs CLIP on a GPU while streams want it", False)
    clip_image: str | None = setting("clipImage", "a ready CLIP image; without it one is built and pushed")
    clip_url: str | None = setting("clipUrl", "address of a CLIP service on a machine of your own (`make clip`)")
    clip_key: pulumi.Output[str] | None = setting("clipKey", "the key that it wants", secret=True)
    clip_max_instances: int = setting("clipMaxInstances", "at most so many CLIP containers, a GPU each", 1)
    max_instances: int | None = setting(
        "functionMaxInstances", "at most so many instances of each function; without it 3, and 2 beside a clipService"
    )
    min_instances: int = setting(
        "minInstances",
        "warm instances of ingest, front, sample and detect; each costs money day and night",
        0,
    )
    delivery_attempts: int = setting(
        "deliveryAttempts", "deliveries until an event becomes a dead letter, 5 to 100", 30
    )
    retry_min_seconds: int = setting(
        "retryMinSeconds", "wait before an event is delivered again, doubled each time", 10
    )
    retry_max_seconds: int = setting(
        "retryMaxSeconds", "longest wait before an event is delivered again, at most 600", 600
    )
    alert_email: str | None = setting(
        "alertEmail", "address that alerts go to; without it they are in the console only"
    )
    budget: int | None = setting(
        "budget",
        "what a month may cost before alerts are sent, in the billing account's currency; needs billingAccount",
    )
    billing_account: str | None = setting("billingAccount", "id of the billing account that the budget is declared in")
    backup_days: int = setting("backupDays", "days for which a daily backup of the database is kept, 0 to 98", 7)
    telemetry_url: str = setting(
        "telemetryUrl",
        "where spans and metrics are sent (OTLP); the local stack names its own",
        "https://telemetry.googleapis.com",
    )
    firestore_emulator: str | None = setting(
        "firestoreEmulator", "HOST:PORT that browsers use instead of Firestore; for the local stack"
    )
    grant_seconds: int | None = passed(
        "grantSeconds", "seconds for which a grant of a stream's media lasts, at least", "GRANT_SECONDS", "front"
    )
    log_level: str | None = passed("logLevel", "DEBUG, INFO, WARNING or ERROR", "LOG_LEVEL", *WORKLOADS)
    trace_share: float | None = passed(
        "traceShare", "share of segments, 0 to 1, whose way is traced", "TRACE_SHARE", *TRACED
    )
    segment_seconds: float | None = passed("segmentSeconds", "length of a segment", "SEGMENT_SECONDS", "ingest")
    playlist_window: float | None = passed(
        "playlistWindow", "seconds that the live playlist lists, at least", "PLAYLIST_WINDOW", "ingest"
    )
    looks_per_second: float | None = passed(
        "looksPerSecond", "frames a second that sampling compares", "LOOKS_PER_SECOND", "sample", "front"
    )
    sample_min_interval: float | None = passed(
        "sampleMinInterval", "least seconds between two frames sent on", "SAMPLE_MIN_INTERVAL", "sample", "front"
    )
    sample_max_interval: float | None = passed(
        "sampleMaxInterval", "most seconds between two frames sent on", "SAMPLE_MAX_INTERVAL", "sample", "front"
    )
    sample_change: float | None = passed(
        "sampleChange",
        "share of the picture, 0 to 1, from which on something came into it",
        "SAMPLE_CHANGE",
        "sample",
        "front",
    )
    sample_follow_interval: float | None = passed(
        "sampleFollowInterval",
        "seconds between two frames sent on while things move, so that boxes follow",
        "SAMPLE_FOLLOW_INTERVAL",
        "sample",
        "front",
    )
    sample_calls_per_hour: float | None = passed(
        "sampleCallsPerHour",
        "frames of a stream sent on in an hour, at most",
        "SAMPLE_CALLS_PER_HOUR",
        "sample",
        "front",
    )
    detect_kinds: tuple[str, ...] | None = passed(
        "detectKinds",
        "what to look for, with commas: logo, text, object, label, face, safe_search",
        "DETECT_KINDS",
        "detect",
        "housekeep",
        "front",
    )
    detect_providers: tuple[str, ...] | None = passed(
        "detectProviders",
        "who looks, with commas, the preferred one first: vision, clip, gallery",
        "DETECT_PROVIDER",
        "detect",
        "housekeep",
        "front",
    )
    detect_threshold: float | None = passed(
        "detectThreshold",
        "confidence, 0 to 1, from which on a detection is kept",
        "DETECT_THRESHOLD",
        "detect",
        "front",
    )
    vision_location: str | None = passed(
        "visionLocation",
        "where pictures are worked on: global (anywhere), eu or us",
        "VISION_LOCATION",
        "detect",
        "front",
    )
    speech: bool | None = passed("speech", "whether what is said is transcribed", "SPEECH", "transcribe", "front")
    speech_languages: tuple[str, ...] | None = passed(
        "speechLanguages", "languages that are spoken, with commas", "SPEECH_LANGUAGES", "transcribe", "front"
    )
    speech_location: str | None = passed(
        "speechLocation", "where sound is worked on: global, eu, us or a region", "SPEECH_LOCATION", "transcribe"
    )
    speech_model: str | None = passed(
        "speechModel", "model of Speech-to-Text: short, long, chirp_2, …", "SPEECH_MODEL", "transcribe"
    )
    clip_model: str | None = passed(
        "clipModel", "a CLIP or SigLIP of Hugging Face; the image holds the default", "CLIP_MODEL", "clip"
    )
    clip_device: str = setting("clipDevice", "what CLIP runs on; with cuda it never runs on a processor", "cuda")

    events_hosts: tuple[str, ...] | None = passed(
        "eventsHosts",
        "hosts that announced segments may be fetched from, with commas; without any, announcing is off",
        "EVENTS_HOSTS",
        "front",
    )
    events_private: bool | None = passed(
        "eventsPrivate", "those hosts may have private addresses and speak plain HTTP", "EVENTS_PRIVATE", "front"
    )
    upload_max_bytes: int | None = passed(
        "uploadMaxBytes", "bytes of an uploaded file, at most", "UPLOAD_MAX_BYTES", "front", "imports"
    )

    @property
    def function_instances(self) -> int:
        """As many of each function as a new project's quota holds, unless another number is set."""
        return self.max_instances or (2 if self.clip_service else 3)

    def environment(self, workload: str) -> dict[str, str]:
        """Variables of the settings that `workload` reads and somebody has set."""
        read = [(f.metadata["setting"], getattr(self, f.name)) for f in fields(self)]
        return {s.variable: _text(value) or "" for s, value in read if workload in s.read_by and value is not None}


def declared() -> tuple[Setting, ...]:
    """Every setting, in the order of the dataclass."""
    return tuple(f.metadata["setting"] for f in fields(Settings))


def load(config: pulumi.Config | None = None) -> Settings:
    """The stack's settings. Raises ValueError naming one that is malformed."""
    source = config or pulumi.Config()
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for f in fields(Settings):
        described: Setting = f.metadata["setting"]
        value = source.get_secret(described.name) if described.secret else source.get(described.name)
        if value is not None and value != "":
            values[f.name] = _parse(described.name, value, hints[f.name])
    return _checked(Settings(**values))


def _checked(settings: Settings) -> Settings:
    if (settings.budget is None) != (settings.billing_account is None):
        missing = "billingAccount" if settings.billing_account is None else "budget"
        raise ValueError(f"{missing} is not set: a budget needs both budget and billingAccount")
    if not 0 <= settings.backup_days <= 98:
        raise ValueError(f"backupDays={settings.backup_days}: expected 0 (no backups) to 98")
    return settings


def _parse(name: str, value: Any, kind: Any) -> Any:
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if not isinstance(value, str) or str in kinds:
        return value
    plain = next((one for one in (bool, int, float) if one in kinds), None)
    if plain is None:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    try:
        return {"true": True, "false": False}[value.lower()] if plain is bool else plain(value)
    except (ValueError, KeyError):
        raise ValueError(f"{name}={value!r} is no {plain.__name__}") from None
