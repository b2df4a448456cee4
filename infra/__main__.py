"""The whole system, in the order in which a stream goes through it:

ingest -> segments/ -> topic segments -> sample -> frames/ -> topic frames -> detect -> Firestore -> page
                                      -> transcribe -------------------------------------^
"""

from pathlib import Path

import pulumi

import regions
import settings
from components import (
    Alerts,
    BrowserKey,
    Bucket,
    Budget,
    Cloud,
    Dashboard,
    Database,
    DeadLetters,
    Delivery,
    Domain,
    Environment,
    EventFunction,
    Expiry,
    FunctionArgs,
    GpuService,
    Identity,
    Image,
    LogMetrics,
    Quota,
    RtmpServer,
    RunJob,
    RunService,
    ScheduledFunction,
    Secret,
    SigningKey,
    Size,
    Source,
    StaticSite,
    StorageEvents,
    Topic,
    UptimeCheck,
)

USE_FIRESTORE = "roles/datastore.user"
SEE_FIRESTORE = "roles/datastore.viewer"
CALL_SPEECH = "roles/speech.client"
PULL_IMAGES = "roles/artifactregistry.reader"
WRITE_LOGS = "roles/logging.logWriter"
MEASURE = "roles/telemetry.metricsWriter"
TELL = ("roles/telemetry.tracesWriter", MEASURE)  # spans and metrics
READ = "roles/storage.objectViewer"
CREATE = "roles/storage.objectCreator"
USE = "roles/storage.objectUser"  # create, replace, delete
FRONT_REQUESTS = 40  # at once in one container of front

s = settings.load()
regions.check(s.region, gpu=s.clip_service, trusted=s.any_region)
cloud = Cloud(pulumi.Config("gcp").require("project"), s.region, Quota(s.cpu_quota, s.memory_quota))

# Where things are kept.
media = Bucket(
    "media",
    cloud,
    methods=["GET", "HEAD"],
    expiry=[
        Expiry(s.segment_days, ("segments/", "playlists/")),
        Expiry(s.frame_days, ("frames/",)),
        Expiry(1, ("staging/",)),  # what an HLS sender put and no playlist ever listed
    ],
    keep=s.keep_data,
)
uploads = Bucket(
    "uploads",
    cloud,
    methods=["GET", "HEAD", "PUT", "POST", "DELETE"],
    expiry=[Expiry(s.upload_days)],
    keep=s.keep_data,
)
site = Bucket("site", cloud, versions_days=7)  # open pages still ask for parts of the release before
sources = Bucket("sources", cloud)
database = Database(
    "database",
    cloud,
    database=s.database,
    rules=Path("firestore.rules"),
    indexes=Path("firestore.indexes.json"),
    keep=s.keep_data,
    backup_days=s.backup_days,
)
admin_key = Secret("admin-key", cloud, given=s.admin_key)
grant_secret = Secret("grant-secret", cloud)
events_secret = Secret("events-secret", cloud, given=s.events_secret) if s.events_hosts else None

# What every workload knows, and in common those that write documents: these go with their media.
known: dict[str, pulumi.Input[str]] = {
    "GOOGLE_CLOUD_PROJECT": cloud.project,
    "MEDIA_BUCKET": media.name,
    "FIRESTORE_DATABASE": database.name,
}
common = {
    **known,
    "SEGMENT_DAYS": str(s.segment_days),
    "FRAME_DAYS": str(s.frame_days),
    "UPLOAD_DAYS": str(s.upload_days),
}
# Each says what it measures; those that handle events or store segments tell those as traces, too.
tells: dict[str, pulumi.Input[str]] = {"OTEL_EXPORTER_OTLP_ENDPOINT": s.telemetry_url}
traced = {**common, **tells}
delivery = Delivery(s.delivery_attempts, s.retry_min_seconds, s.retry_max_seconds)
source = Source("functions", cloud, bucket=sources, folder=Path("../functions"))

# A stream comes in, and leaves segments.
ingest = RunService(
    "ingest",
    cloud,
    image=s.ingest_image or Image("ingest", cloud, dockerfile="runner/ingest/Dockerfile").ref,
    identity=Identity(
        "ingest",
        cloud,
        roles=[USE_FIRESTORE, *TELL],
        buckets=[(media, READ)],
        prefixes=[(media, USE, ("segments/", "playlists/", "staging/"))],
    ),
    environment=Environment(
        {
            **traced,
            "MAX_STREAMS": str(s.streams_per_instance),
            "MAX_TRANSCODES": str(s.ingest_cpu),
            "POST_MAX_MIB": "31",  # Cloud Run cuts a body at 32, without a word of ours
            "TRUSTED_HOPS": str(s.trusted_hops),
            **s.environment("ingest"),
        }
    ),
    max_instances=s.ingest_max_instances,
    min_instances=s.min_instances,
    concurrency=s.streams_per_instance,
    cpu=str(s.ingest_cpu),
    memory=f"{max(1, s.ingest_cpu // 2)}Gi",  # Cloud Run gives four CPUs to no less than two
    timeout=3600,  # a stream is one long request; Cloud Run allows no longer one
)

# Encoders that speak RTMP are let in by a machine of their own, where one is wanted.
rtmp_url: pulumi.Input[str] | None = None
if s.rtmp_server:
    rtmp = RtmpServer(
        "rtmp",
        cloud,
        image=s.rtmp_image or Image("rtmp", cloud, dockerfile="runner/rtmp/Dockerfile").ref,
        identity=Identity("rtmp", cloud, roles=[PULL_IMAGES, WRITE_LOGS]),
        environment={"INGEST_URL": ingest.uri, **s.environment("rtmp")},
        machine=s.rtmp_machine,
    )
    rtmp_url = rtmp.url
    pulumi.export("rtmpUrl", rtmp_url)

# Each segment is sampled, and leaves frames.
segments = Topic("segments", cloud)
StorageEvents("segments", cloud, bucket=media, prefix="segments/", topic=segments)
EventFunction(
    "sample",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "sample",
            cloud,
            roles=[USE_FIRESTORE, *TELL],
            buckets=[(media, READ)],
            prefixes=[(media, CREATE, ("frames/",))],
        ),
        environment=Environment({**traced, **s.environment("sample")}),
        size=Size(memory="2Gi", concurrency=2),
        max_instances=s.function_instances,
        min_instances=s.min_instances,
    ),
    topic=segments,
    delivery=delivery,
)

# Each segment is listened to as well, where somebody wants to know what is said.
EventFunction(
    "transcribe",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity("transcribe", cloud, roles=[USE_FIRESTORE, CALL_SPEECH, *TELL], buckets=[(media, READ)]),
        environment=Environment({**traced, **s.environment("transcribe")}),
        size=Size(memory="1Gi", concurrency=2),
        max_instances=s.function_instances,
    ),
    topic=segments,
    delivery=delivery,
    pusher="speech-push",
)

# Brands that only CLIP knows are looked for on a GPU, where one is wanted.
clip_key = {"CLIP_KEY": Secret("clip-key", cloud, given=s.clip_key)} if s.clip_key else {}
looks = Identity("detect", cloud, roles=[USE_FIRESTORE, *TELL], buckets=[(media, READ)], secrets=[*clip_key.values()])
clip: GpuService | None = None
if s.clip_service:
    fetches = {"HF_HUB_OFFLINE": "0"} if s.clip_model else {}  # the image holds the default, and fetches nothing
    clip = GpuService(
        "clip",
        cloud,
        image=s.clip_image or Image("clip", cloud, dockerfile="runner/clip/Dockerfile").ref,
        identity=Identity("clip", cloud, roles=[SEE_FIRESTORE, MEASURE], buckets=[(media, READ)]),
        environment=Environment({**known, **tells, "CLIP_DEVICE": s.clip_device, **fetches, **s.environment("clip")}),
        max_instances=s.clip_max_instances,
        concurrency=32,
    )
    looks.grants.append(clip.allow("detect", looks.member))
    pulumi.export("clipUrl", clip.uri)
elif s.clip_url:
    pulumi.export("clipUrl", s.clip_url)
clip_at = clip.uri if clip else s.clip_url
clip_url: dict[str, pulumi.Input[str]] = {"CLIP_URL": clip_at} if clip_at else {}

# Each frame is looked at, and leaves detections.
frames = Topic("frames", cloud)
StorageEvents("frames", cloud, bucket=media, prefix="frames/", topic=frames)
EventFunction(
    "detect",
    cloud,
    FunctionArgs(
        source=source,
        identity=looks,
        environment=Environment({**traced, **clip_url, **s.environment("detect")}, clip_key),
        size=Size(memory="2Gi", concurrency=4),  # `gallery` keeps some 8 MB for each reference mark
        max_instances=s.function_instances,
        min_instances=s.min_instances,
    ),
    topic=frames,
    delivery=delivery,
)

# A file comes in, and is made into segments.
importer = RunJob(
    "importer",
    cloud,
    image=s.importer_image or Image("importer", cloud, dockerfile="runner/importer/Dockerfile").ref,
    command=["python", "-m", "importer"],
    identity=Identity(
        "importer",
        cloud,
        roles=[USE_FIRESTORE, *TELL],
        buckets=[(media, READ), (uploads, READ)],
        prefixes=[(media, USE, ("segments/", "playlists/"))],
    ),
    environment=Environment({**traced, "UPLOADS_BUCKET": uploads.name, **s.environment("importer")}),
    timeout=s.import_hours * 3600,
    retries=2,
    cpu="2",
    memory="2Gi",
)
uploaded = Topic("uploads", cloud)
StorageEvents("uploads", cloud, bucket=uploads, prefix="uploads/", topic=uploaded)
runs_importer = Identity("imports", cloud, roles=[USE_FIRESTORE, *TELL], buckets=[(uploads, USE)])
runs_importer.grants += importer.allow("imports", runs_importer.member)
EventFunction(
    "imports",
    cloud,
    FunctionArgs(
        source=source,
        identity=runs_importer,
        environment=Environment(
            {
                **traced,
                "UPLOADS_BUCKET": uploads.name,
                "IMPORT_JOB": importer.full_name,
                **s.environment("imports"),
            }
        ),
        size=Size(memory="512Mi", cpu="0.5"),
        max_instances=s.function_instances,
    ),
    topic=uploaded,
    delivery=delivery,
)

# What nobody could handle is kept with its reason.
topics = (segments, frames, uploaded)
DeadLetters(
    "bury",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity("bury", cloud, roles=[USE_FIRESTORE, *TELL]),
        environment=Environment({**known, **tells, **s.environment("bury")}),
        size=Size(memory="512Mi"),
        max_instances=1,
    ),
    topics=topics,
    delivery=delivery,
)

# People come in by the front: the page and its API. To choose a threshold it looks at a frame as detect does.
serves = Identity(
    "front",
    cloud,
    roles=[USE_FIRESTORE, MEASURE],
    buckets=[(media, USE), (uploads, USE), (site, READ)],
    secrets=[admin_key, grant_secret, *([events_secret] if events_secret else []), *clip_key.values()],
    signs=True,
)
signing_key = SigningKey("media-signing", cloud, identity=serves)
serves.may_read(signing_key.secret)
if clip:
    serves.grants.append(clip.allow("front", serves.member))
serves.grants += [topic.allow("front", serves.member) for topic in topics]
front = RunService(
    "front",
    cloud,
    image=s.front_image or Image("front", cloud, dockerfile="runner/front/Dockerfile").ref,
    identity=serves,
    environment=Environment(
        {
            **traced,
            "UPLOADS_BUCKET": uploads.name,
            "SITE_BUCKET": site.name,
            "SIGNING_ID": signing_key.id,
            "INGEST_URL": ingest.uri,
            "ALLOWED_ORIGINS": ",".join(s.web_origins),
            "MAX_REQUESTS": str(FRONT_REQUESTS),
            **clip_url,
            **s.environment("front"),
        },
        {"ADMIN_KEY": admin_key, "GRANT_SECRET": grant_secret, "SIGNING_SECRET": signing_key.secret}
        | ({"EVENTS_SECRET": events_secret} if events_secret else {})
        | clip_key,
    ),
    max_instances=s.function_instances,
    min_instances=s.min_instances,
    concurrency=FRONT_REQUESTS,
)

# It answers under a host name of its own, too, where one is wanted.
domain = Domain("domain", cloud, host=s.domain, service=front) if s.domain else None
page_url = domain.url if domain else front.uri
if domain:
    pulumi.export("domainAddress", domain.address)

# Once a minute, what nobody else is left to do: sessions whose publisher died are closed, missed imports started.
housekeeper = Identity(
    "housekeep",
    cloud,
    roles=[USE_FIRESTORE, MEASURE],
    buckets=[(media, READ)],
    prefixes=[(media, USE, ("playlists/",))],
)
housekeeper.grants += importer.allow("housekeep", housekeeper.member)
if clip:
    housekeeper.grants.append(clip.allow("housekeep", housekeeper.member))
housekeep = ScheduledFunction(
    "housekeep",
    cloud,
    FunctionArgs(
        source=source,
        identity=housekeeper,
        environment=Environment(
            {
                **traced,
                "IMPORT_JOB": importer.full_name,
                **(clip_url if clip else {}),  # a machine of one's own needs no call to stay
                **s.environment("housekeep"),
            }
        ),
        size=Size(memory="512Mi", timeout=300),
        max_instances=1,
    ),
    cron="* * * * *",
)

pages = [front.uri, *([domain.url] if domain else []), *(one for one in s.web_origins if one != "*")]
browser_key = BrowserKey("browser", cloud, origins=pages)
StaticSite(
    "site",
    cloud,
    bucket=site,
    folder=Path(s.site_dir),
    config={
        "projectId": cloud.project,
        "database": database.name,
        "apiKey": browser_key.value,
        "apiUrl": "/api",
        "ingestUrl": ingest.uri,
        "rtmpUrl": rtmp_url,
        "firestoreEmulator": s.firestore_emulator,
    },
)

# An operator is told what goes wrong, and sees the rest on one page.
alerts = Alerts(
    "alerts",
    cloud,
    email=s.alert_email,
    metrics=LogMetrics("log-metrics", cloud),
    checks=[UptimeCheck("ingest", cloud, uri=ingest.uri), UptimeCheck("front", cloud, uri=front.uri)],
    housekeeper=housekeep,
    gpu=clip,
)
Dashboard("dashboard", cloud)
if s.budget and s.billing_account:
    Budget("budget", cloud, account=s.billing_account, amount=s.budget, channels=alerts.channels)

cloud.quota.check()

pulumi.export("webUrl", pulumi.Output.concat(page_url, "/"))
pulumi.export("ingestUrl", ingest.uri)
pulumi.export("apiUrl", pulumi.Output.concat(page_url, "/api"))
pulumi.export("adminKey", admin_key.value)
if events_secret:
    pulumi.export("eventsSecret", events_secret.value)
pulumi.export("mediaBucket", media.name)
pulumi.export("uploadsBucket", uploads.name)
pulumi.export("console", cloud.console_links(s.database))
