"""Settings of the deployment: `pulumi config set NAME VALUE`. Only `gcp:project` must be set.

Each is one field, with its name, its meaning and its default. `make docs` writes them to docs/settings.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import UnionType
from typing import Any, get_args, get_type_hints

import pulumi

WORKLOADS = (
    *("ingest", "sample", "detect", "remote", "track", "transcribe", "batch", "front", "imports", "importer"),
    *("cutter", "rtmp", "housekeep", "clip", "bury", "rules", "deliver"),
)

LIMITED = ("detect", "transcribe", "front", "imports", "housekeep")  # by quotas
TRACED = (
    "ingest",
    "sample",
    "detect",
    "track",
    "transcribe",
    "imports",
    "importer",
    "bury",
    "rules",
    "deliver",
)  # and those in ALSO
ALSO = {"sample": ("batch",), "detect": ("remote", "batch"), "track": ("batch",), "transcribe": ("batch",)}
"""Functions that do the same as another, elsewhere: they read what that one reads."""
EXPECTED: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `default` is None if it is derived or absent: `unset` says what holds then. `secret`: set it with
    `--secret`.

    `variable` is the environment variable of the workloads in `read_by`, which describe it and have its default.
    """

    name: str
    help: str
    default: str | None = None
    unset: str = "none"
    secret: bool = False
    variable: str | None = None
    read_by: tuple[str, ...] = ()


def setting(name: str, help: str, default: Any = None, *, unset: str = "none", secret: bool = False) -> Any:
    """A dataclass field that is read from the stack's configuration. `help` is Markdown, seen from docs/."""
    return field(default=default, metadata={"setting": Setting(name, help, _text(default), unset, secret)})


def passed(name: str, variable: str, *read_by: str) -> Any:
    """A dataclass field that is handed to the workloads `read_by` as `variable`, if it is set."""
    readers = tuple(dict.fromkeys(one for reader in read_by for one in (reader, *ALSO.get(reader, ()))))
    return field(default=None, metadata={"setting": Setting(name, "", variable=variable, read_by=readers)})


def _text(default: Any) -> str | None:
    if default is None:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment. Retention is in days, times in seconds."""

    region: str = setting(
        "region",
        "region of everything that runs and is stored; `visionLocation` and `speechLocation` say where Google works on "
        "pictures and sound",
        "europe-west1",
    )
    any_region: bool = setting(
        "anyRegion",
        "the project may build functions, and use GPUs, in `region`, though "
        "[a new one may not](https://cloud.google.com/build/docs/locations)",
        False,
    )
    cpu_quota: int = setting(
        "cpuQuota",
        "vCPU that Cloud Run gives the project in `region`, for all containers together; a declaration that could take "
        "more is refused before anything is made",
        20,
    )
    memory_quota: int = setting("memoryQuota", "the same for memory, in GiB", 40)
    database: str = setting("database", "Firestore database; a project has one `(default)`", "(default)")
    control: str | None = setting(
        "controlDatabase",
        "Firestore database of keys, leases, quotas and the configuration, which no workload that opens media may use",
        unset="`control`, or `NAME-control` beside a `database` called NAME",
    )
    keep_data: bool = setting(
        "keepData",
        "`pulumi destroy` leaves the databases and the buckets with objects, and the databases are protected: see "
        "[what is kept](operations.md#what-is-kept)",
        False,
    )
    segment_days: int = setting("segmentDays", "days until segments and playlists are deleted", 7)
    frame_days: int = setting(
        "frameDays",
        "days until sampled frames are deleted; documents of a session are deleted after the longer of this and "
        "`segmentDays`",
        30,
    )
    upload_days: int = setting(
        "uploadDays",
        "days until uploaded files and the documents of their imports are deleted",
        7,
    )
    clip_days: int = setting(
        "clipDays", "days until clips, which outlive the media they are cut from, are deleted; 0: they are kept", 0
    )
    domain: str | None = setting(
        "domain",
        "host name of the page, behind a load balancer with a certificate and a CDN, billed while it is there "
        "([costs](costs.md#the-pages-address)); its A record must point to `pulumi stack output domainAddress`",
    )
    web_origins: tuple[str, ...] = setting(
        "webOrigins",
        "other origins whose pages may use the API and the media, separated by commas, or `*`; the page itself has the "
        "same origin as both",
        (),
    )
    tenant: str = setting(
        "tenant",
        "the deployment's own tenant: its operators and admins run the deployment, and what was made before there were "
        "tenants belongs to it",
        "main",
    )
    sign_in: tuple[str, ...] = setting(
        "signIn",
        "ways to sign in, separated by commas: `password`, `link` (one in an e-mail), `google`, `oidc.NAME`",
        ("password", "link"),
    )
    google_client_id: str | None = setting("googleClientId", "OAuth client of this deployment at Google")
    google_client_secret: pulumi.Output[str] | None = setting(
        "googleClientSecret", "secret of that client", secret=True
    )
    oidc_issuer: str | None = setting("oidcIssuer", "address of the OpenID Connect provider `oidc.NAME`")
    oidc_client_id: str | None = setting("oidcClientId", "client of this deployment at that provider")
    oidc_client_secret: pulumi.Output[str] | None = setting("oidcClientSecret", "secret of that client", secret=True)
    app_check_key: str | None = setting(
        "appCheckKey",
        "site key of reCAPTCHA Enterprise (score-based, for the page's hosts): Firestore and Firebase Auth answer only "
        "pages that reCAPTCHA lets through ([App Check](deploy.md#app-check))",
    )
    site_dir: str = setting("siteDir", "folder of the built site, relative to `infra/`", "../web/dist")
    events_secret: pulumi.Output[str] | None = setting(
        "eventsSecret", "key that announcements of segments are signed with", unset="made by Pulumi", secret=True
    )
    admin_key: pulumi.Output[str] | None = setting(
        "adminKey", "key of the stream API", unset="made by Pulumi", secret=True
    )
    ingest_image: str | None = setting("ingestImage", "ready image of ingest", unset="built and pushed")
    front_image: str | None = setting("frontImage", "ready image of front", unset="built and pushed")
    importer_image: str | None = setting("importerImage", "ready image of the importer", unset="built and pushed")
    cutter_image: str | None = setting("cutterImage", "ready image of the cutter", unset="built and pushed")
    import_hours: int = setting("importHours", "hours that the import of one file may take, at most 168", 24)
    ingest_max_instances: int = setting("ingestMaxInstances", "largest number of ingest containers", 2)
    streams_per_instance: int = setting("streamsPerInstance", "streams that one ingest container takes at a time", 40)
    ingest_cpu: int = setting(
        "ingestCpu",
        "CPUs of an ingest container: 1, 2, 4 or 8; each transcodes one stream of 720p, and a stream that is "
        "copied takes 1/`streamsPerInstance` of the container",
        1,
    )
    trusted_hops: int = setting(
        "trustedHops",
        "front ends that note a caller's address in `X-Forwarded-For`: 1 for Cloud Run, 2 behind a load "
        "balancer, which must then be the only way in",
        1,
    )
    rtmp_server: bool = setting(
        "rtmpServer",
        "a small machine, always on, that takes RTMP on port 1935; `pulumi stack output rtmpUrl` is its address",
        False,
    )
    rtmp_image: str | None = setting("rtmpImage", "ready image of the RTMP relay", unset="built and pushed")
    rtmp_machine: str = setting(
        "rtmpMachine", "machine type of the RTMP relay, which copies streams and transcodes none", "e2-small"
    )
    clip_service: bool = setting(
        "clipService",
        "a service that runs CLIP on a GPU (L4) while streams want it; `pulumi stack output clipUrl` is its address",
        False,
    )
    clip_image: str | None = setting("clipImage", "ready image of the CLIP service", unset="built and pushed")
    clip_url: str | None = setting(
        "clipUrl", "address of a CLIP service on a machine of your own (`make clip`), instead of `clipService`"
    )
    clip_key: pulumi.Output[str] | None = setting("clipKey", "key that the service at `clipUrl` wants", secret=True)
    clip_max_instances: int = setting("clipMaxInstances", "largest number of CLIP containers, a GPU each", 1)
    clip_device: str = setting(
        "clipDevice",
        "device that CLIP runs on; with `cuda` it does not start without a GPU, so that a processor is never billed as "
        "one",
        "cuda",
    )
    function_instances: int = setting(
        "functionMaxInstances",
        "largest number of instances of front and of each function on the way of a live stream; the default fits the "
        "quota of a new project",
        2,
    )
    batch_max_instances: int | None = setting(
        "batchMaxInstances",
        "largest number of instances of the function `batch`, which imports and reanalyses have to themselves",
        unset="`4`, or `1` beside a `clipService`",
    )
    min_instances: int = setting(
        "minInstances",
        "warm instances of ingest, front, sample, detect, track and rules; each costs money day and night and spares "
        "the first segment a cold start (the local stack sets 1)",
        0,
    )
    delivery_attempts: int = setting(
        "deliveryAttempts",
        "deliveries until an event becomes a dead letter, 5 to 100; with the default waits, about four hours "
        "(the local stack sets 5)",
        30,
    )
    retry_min_seconds: int = setting(
        "retryMinSeconds", "seconds before an event is delivered again, doubled each time", 10
    )
    retry_max_seconds: int = setting(
        "retryMaxSeconds", "longest wait before an event is delivered again, in seconds, at most 600", 600
    )
    alert_email: str | None = setting(
        "alertEmail",
        "address that alerts are sent to; without it the console shows them",
    )
    budget: int | None = setting(
        "budget",
        "cost of a month above which alerts are sent, in the billing account's currency; needs `billingAccount`",
    )
    billing_account: str | None = setting(
        "billingAccount", "id of the billing account that the budget is declared in; needs `budget`"
    )
    backup_days: int = setting(
        "backupDays", "days for which a daily backup of the database is kept, 0 (no backups) to 98", 7
    )
    telemetry_url: str = setting(
        "telemetryUrl",
        "address that spans and metrics are sent to (OTLP over HTTP); the local stack sets its own",
        "https://telemetry.googleapis.com",
    )
    front_url: str | None = setting(
        "frontUrl",
        "address of front that ingest and the importer call; set by the local stack",
        unset="the one that Cloud Run gives it",
    )
    firestore_emulator: str | None = setting(
        "firestoreEmulator", "HOST:PORT that browsers use instead of Firestore; set by the local stack"
    )
    auth_emulator: str | None = setting(
        "authEmulator", "HOST:PORT that browsers use instead of Firebase Auth; set by the local stack"
    )

    grant_seconds: int | None = passed("grantSeconds", "GRANT_SECONDS", "front")
    tenant_quotas: tuple[str, ...] | None = passed("tenantQuotas", "TENANT_QUOTAS", *LIMITED)
    stream_quotas: tuple[str, ...] | None = passed("streamQuotas", "STREAM_QUOTAS", *LIMITED)
    log_level: str | None = passed("logLevel", "LOG_LEVEL", *WORKLOADS)
    trace_share: float | None = passed("traceShare", "TRACE_SHARE", *TRACED)
    segment_seconds: float | None = passed("segmentSeconds", "SEGMENT_SECONDS", "ingest")
    playlist_window: float | None = passed("playlistWindow", "PLAYLIST_WINDOW", "ingest")
    looks_per_second: float | None = passed("looksPerSecond", "LOOKS_PER_SECOND", "sample", "front")
    sample_min_interval: float | None = passed("sampleMinInterval", "SAMPLE_MIN_INTERVAL", "sample", "front")
    sample_max_interval: float | None = passed("sampleMaxInterval", "SAMPLE_MAX_INTERVAL", "sample", "front")
    sample_change: float | None = passed("sampleChange", "SAMPLE_CHANGE", "sample", "front")
    sample_follow_interval: float | None = passed("sampleFollowInterval", "SAMPLE_FOLLOW_INTERVAL", "sample", "front")
    sample_calls_per_hour: float | None = passed("sampleCallsPerHour", "SAMPLE_CALLS_PER_HOUR", "sample", "front")
    detect_kinds: tuple[str, ...] | None = passed("detectKinds", "DETECT_KINDS", "detect", "housekeep", "front")
    detect_providers: tuple[str, ...] | None = passed(
        "detectProviders", "DETECT_PROVIDER", "detect", "housekeep", "front"
    )
    detect_threshold: float | None = passed("detectThreshold", "DETECT_THRESHOLD", "detect", "front")
    vision_per_minute: int | None = passed("visionPerMinute", "VISION_PER_MINUTE", "batch")
    live_reserve: float | None = passed("liveReserve", "LIVE_RESERVE", "batch")
    vision_location: str | None = passed("visionLocation", "VISION_LOCATION", "detect", "front")
    speech: bool | None = passed("speech", "SPEECH", "transcribe", "front", "housekeep")
    speech_languages: tuple[str, ...] | None = passed(
        "speechLanguages", "SPEECH_LANGUAGES", "transcribe", "front", "housekeep"
    )
    speech_location: str | None = passed("speechLocation", "SPEECH_LOCATION", "transcribe", "housekeep")
    speech_model: str | None = passed("speechModel", "SPEECH_MODEL", "transcribe")
    speech_final: bool | None = passed("speechFinal", "SPEECH_FINAL", "transcribe", "housekeep")
    speech_final_model: str | None = passed("speechFinalModel", "SPEECH_FINAL_MODEL", "housekeep")
    speech_speakers: bool | None = passed("speechSpeakers", "SPEECH_SPEAKERS", "housekeep")
    places_private: bool | None = passed("placesPrivate", "PLACES_PRIVATE", "detect", "front")
    deliveries_private: bool | None = passed("deliveriesPrivate", "DELIVERIES_PRIVATE", "deliver", "front")
    clip_model: str | None = passed("clipModel", "CLIP_MODEL", "clip")
    owl_model: str | None = passed("owlModel", "OWL_MODEL", "clip")
    events_hosts: tuple[str, ...] | None = passed("eventsHosts", "EVENTS_HOSTS", "front")
    events_private: bool | None = passed("eventsPrivate", "EVENTS_PRIVATE", "front")
    upload_max_bytes: int | None = passed("uploadMaxBytes", "UPLOAD_MAX_BYTES", "front", "imports")

    clip_max_bytes: int | None = passed("clipMaxBytes", "CLIP_MAX_BYTES", "cutter")

    @property
    def control_database(self) -> str:
        """The id of the database of keys, leases, quotas and the configuration."""
        return self.control or ("control" if self.database == "(default)" else f"{self.database}-control")

    @property
    def batch_instances(self) -> int:
        """Largest number of instances of `batch`: as many as a new project's quota leaves, unless it is set."""
        return self.batch_max_instances or (1 if self.clip_service else 4)

    @property
    def waiting_instances(self) -> int:
        """Largest number of instances of functions that mostly wait for others, and take many events at once."""
        return max(1, self.function_instances - 1)

    @property
    def track_instances(self) -> int:
        """Largest number of instances of `track`: boxes go straight on until it comes round to them."""
        return self.waiting_instances if self.clip_service else self.function_instances

    def environment(self, workload: str) -> dict[str, str]:
        """Variables of those settings that are set and that `workload` reads."""
        read = [(f.metadata["setting"], getattr(self, f.name)) for f in fields(self)]
        return {s.variable: _text(value) or "" for s, value in read if workload in s.read_by and value is not None}


def declared() -> tuple[Setting, ...]:
    """Every setting, in the order of the dataclass."""
    return tuple(f.metadata["setting"] for f in fields(Settings))


def load(config: pulumi.Config | None = None) -> Settings:
    """The stack's settings. Raises ValueError, which names a malformed one."""
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
        raise ValueError(f"invalid backupDays={settings.backup_days}: expected 0 (no backups) to 98")
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
        raise ValueError(f"invalid {name}={value!r}: expected {EXPECTED[plain]}") from None
