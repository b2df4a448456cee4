"""The whole system, in the order in which a stream goes through it:

ingest -> segments/ -> topic segments -> sample -> frames/ -> topic frames -> detect -> Firestore -> page
                                      |                 results/ <----------------|         ^
                                      |                 -> topic results -> track |---------|
                                      |                           topic remote <--' -> remote
                                      -> transcribe ----------------------------------------|
                                      segments, results -> rules -> topic alerts -> deliver -> topic deliveries

What waits for live streams, imports and reanalyses, has topics of its own, and one function for all of them: batch.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pulumi

import regions
import settings
from components import (
    Agent,
    Alerts,
    AppCheck,
    BrowserKey,
    Bucket,
    Budget,
    Client,
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
    PooledFunction,
    Quota,
    RtmpServer,
    RunJob,
    RunService,
    ScheduledFunction,
    Secret,
    SignIn,
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
WRITE_TRACES = "roles/telemetry.tracesWriter"
WRITE_METRICS = "roles/telemetry.metricsWriter"
READ = "roles/storage.objectViewer"
CREATE = "roles/storage.objectCreator"
USE = "roles/storage.objectUser"  # create, replace, delete
FRONT_REQUESTS = 40  # at once in one container of front

s = settings.load()
regions.check(s.region, gpu=s.clip_service, trusted=s.any_region)
cloud = Cloud(pulumi.Config("gcp").require("project"), s.region, Quota(s.cpu_quota, s.memory_quota))

# The stores: media, uploaded files, the page, the functions' source, documents, keys.
media = Bucket(
    "media",
    cloud,
    methods=["GET", "HEAD"],
    expiry=[
        Expiry(s.segment_days, ("segments/", "batch/segments/", "playlists/")),
        Expiry(s.frame_days, ("frames/", "results/", "batch/frames/", "batch/results/")),
        Expiry(1, ("staging/",)),  # what an HLS sender put and no playlist ever listed
        Expiry(2, ("sound/",)),  # what has been heard once more is deleted before
        *([Expiry(s.clip_days, ("clips/",))] if s.clip_days else []),
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
reports = Bucket("reports", cloud, keep=s.keep_data)  # frozen: nothing that may write here may replace or delete
site = Bucket("site", cloud, versions_days=7)  # open pages still ask for parts of the release before
sources = Bucket("sources", cloud)
database = Database(
    "database",
    cloud,
    database=s.database,
    rules=Path("firestore.rules"),
    tenant=s.tenant,
    indexes=Path("firestore.indexes.json"),
    keep=s.keep_data,
    backup_days=s.backup_days,
)
control = Database(  # what is allowed: workloads that open media or pictures of strangers have no right to it
    "control",
    cloud,
    database=s.control_database,
    rules=Path("firestore.control.rules"),
    tenant=None,
    indexes=Path("firestore.control.indexes.json"),
    keep=s.keep_data,
    backup_days=s.backup_days,
    prefix="control-",
)
admin_key = Secret("admin-key", cloud, given=s.admin_key)
grant_secret = Secret("grant-secret", cloud)
provider_secret = Secret("provider-secret", cloud)
events_secret = Secret("events-secret", cloud, given=s.events_secret) if s.events_hosts else None
clip_key = Secret("clip-key", cloud, given=s.clip_key) if s.clip_key else None

# Variables of every workload, and of those that write documents: these expire with their media.
basics: dict[str, pulumi.Input[str]] = {
    "GOOGLE_CLOUD_PROJECT": cloud.project,
    "MEDIA_BUCKET": media.name,
    "FIRESTORE_DATABASE": database.name,
    "TENANT": s.tenant,
}
controls: dict[str, pulumi.Input[str]] = {"CONTROL_DATABASE": control.name}  # of those that may use it
telemetry: dict[str, pulumi.Input[str]] = {"OTEL_EXPORTER_OTLP_ENDPOINT": s.telemetry_url}
common = {
    **basics,
    "SEGMENT_DAYS": str(s.segment_days),
    "FRAME_DAYS": str(s.frame_days),
    "UPLOAD_DAYS": str(s.upload_days),
    "CLIP_DAYS": str(s.clip_days),
    **telemetry,
}
front_url = s.front_url or cloud.service_url("front")  # front itself comes later, and names ingest
delivery = Delivery(s.delivery_attempts, s.retry_min_seconds, s.retry_max_seconds)
source = Source("functions", cloud, bucket=sources, folder=Path("../functions"))

# A stream comes in, and leaves segments.
ingest_identity = Identity(
    "ingest",
    cloud,
    roles=[WRITE_TRACES, WRITE_METRICS],
    databases=[(database, USE_FIRESTORE)],
    buckets=[(media, READ)],
    prefixes=[(media, USE, ("segments/", "playlists/", "staging/"))],
)
ingest = RunService(
    "ingest",
    cloud,
    image=s.ingest_image or Image("ingest", cloud, dockerfile="runner/ingest/Dockerfile").ref,
    identity=ingest_identity,
    environment=Environment(
        {
            **common,
            "FRONT_URL": front_url,
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

# Encoders that speak RTMP are let in by a machine of their own (setting rtmpServer).
rtmp: RtmpServer | None = None
if s.rtmp_server:
    rtmp = RtmpServer(
        "rtmp",
        cloud,
        image=s.rtmp_image or Image("rtmp", cloud, dockerfile="runner/rtmp/Dockerfile").ref,
        identity=Identity("rtmp", cloud, roles=[PULL_IMAGES, WRITE_LOGS]),
        environment={"INGEST_URL": ingest.uri, **s.environment("rtmp")},
        machine=s.rtmp_machine,
    )

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
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, CREATE, ("frames/",))],
        ),
        environment=Environment({**common, **s.environment("sample")}),
        size=Size(memory="2Gi", concurrency=2),
        max_instances=s.function_instances,
        min_instances=s.min_instances,
    ),
    topic=segments,
    delivery=delivery,
)

# Each segment is transcribed as well, if its stream's settings say so. Its sound is kept: once the session has ended,
# Speech-to-Text reads and hears all of it once more (housekeep).
speech_agent = Agent("speech", cloud, service="speech", bucket=media, role=READ, prefixes=("sound/",))
EventFunction(
    "transcribe",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "transcribe",
            cloud,
            roles=[CALL_SPEECH, WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, CREATE, ("sound/",))],
        ),
        environment=Environment({**common, **s.environment("transcribe")}),
        size=Size(memory="1Gi", concurrency=8),
        max_instances=s.waiting_instances,
    ),
    topic=segments,
    delivery=delivery,
    pusher="speech-push",
)

# CLIP, which knows a brand by its name, runs on a GPU (setting clipService), or on a machine of one's own (clipUrl).
clip: GpuService | None = None
if s.clip_service:
    clip = GpuService(
        "clip",
        cloud,
        image=s.clip_image or Image("clip", cloud, dockerfile="runner/clip/Dockerfile").ref,
        identity=Identity(
            "clip",
            cloud,
            roles=[WRITE_METRICS],
            databases=[(database, SEE_FIRESTORE)],
            buckets=[(media, READ)],
        ),
        environment=Environment(
            {
                **basics,
                **telemetry,
                "CLIP_DEVICE": s.clip_device,
                "HF_HUB_OFFLINE": "0"
                if s.clip_model or s.owl_model
                else None,  # the image holds the default model alone
                **s.environment("clip"),
            }
        ),
        max_instances=s.clip_max_instances,
        concurrency=32,
    )
clip_url = clip.uri if clip else s.clip_url

# Each frame is looked at, and leaves detections. Providers at addresses of their own, such as CLIP, have a queue and
# instances apart: a slow one holds up no other.
remote = Topic("remote", cloud)
EventFunction(
    "remote",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "remote",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, USE, ("results/",))],
            secrets=[clip_key, provider_secret],
            uses=[clip],
        ),
        environment=Environment(
            {**common, "CLIP_URL": clip_url, **s.environment("remote")},
            {"CLIP_KEY": clip_key, "PROVIDER_SECRET": provider_secret},
        ),
        size=Size(memory="2Gi", concurrency=16),
        max_instances=s.waiting_instances,
    ),
    topic=remote,
    delivery=delivery,
)
frames = Topic("frames", cloud)
StorageEvents("frames", cloud, bucket=media, prefix="frames/", topic=frames)
EventFunction(
    "detect",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "detect",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, USE, ("results/",))],
            secrets=[clip_key, provider_secret],
            uses=[clip, remote],
        ),
        environment=Environment(
            {**common, "CLIP_URL": clip_url, "REMOTE_TOPIC": remote.id, **s.environment("detect")},
            {"CLIP_KEY": clip_key, "PROVIDER_SECRET": provider_secret},
        ),
        # `gallery` keeps some 7 MB for each of 100 reference marks, `local` 0.5 GB of models.
        size=Size(memory="2Gi", concurrency=4),
        max_instances=s.function_instances,
        min_instances=s.min_instances,
    ),
    topic=frames,
    delivery=delivery,
)

# What two frames show is followed through the pictures between them.
results = Topic("results", cloud)
StorageEvents("results", cloud, bucket=media, prefix="results/", topic=results)
EventFunction(
    "track",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "track",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
        ),
        environment=Environment({**basics, **telemetry, **s.environment("track")}),
        size=Size(memory="1Gi", concurrency=2),
        max_instances=s.track_instances,
        min_instances=s.min_instances,
        follows=True,
    ),
    topic=results,
    delivery=delivery,
)

# What no viewer waits for, imports and reanalyses, goes the same way by topics of its own. One function does all of it,
# and asks paid providers only for what live streams leave of their quota.
batch_segments, batch_frames, batch_results = batch_objects = (
    Topic("batch-segments", cloud),
    Topic("batch-frames", cloud),
    Topic("batch-results", cloud),
)
for topic in batch_objects:
    name = topic.pulumi_resource_name
    StorageEvents(name, cloud, bucket=media, prefix=f"{name.replace('-', '/')}/", topic=topic)
batch_reanalysis = Topic("batch-reanalysis", cloud)  # front publishes here what a user wants looked at again
batch_topics = (*batch_objects, batch_reanalysis)
PooledFunction(
    "batch",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "batch",
            cloud,
            roles=[CALL_SPEECH, WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, CREATE, ("batch/frames/", "frames/", "sound/")), (media, USE, ("batch/results/",))],
            secrets=[clip_key, provider_secret],
            uses=[clip],
        ),
        environment=Environment(
            {
                **common,
                "CLIP_URL": clip_url,
                "BATCH_INSTANCES": str(s.batch_instances),
                **s.environment("batch"),
            },
            {"CLIP_KEY": clip_key, "PROVIDER_SECRET": provider_secret},
        ),
        size=Size(memory="3Gi", concurrency=3, timeout=120),
        max_instances=s.batch_instances,
        follows=True,
    ),
    topics=batch_topics,
    delivery=delivery.patient(),
)

# A file comes in, and is made into segments.
importer_identity = Identity(
    "importer",
    cloud,
    roles=[WRITE_TRACES, WRITE_METRICS],
    databases=[(database, USE_FIRESTORE)],
    buckets=[(media, READ), (uploads, READ)],
    prefixes=[(media, USE, ("batch/segments/", "playlists/"))],
)
importer = RunJob(
    "importer",
    cloud,
    image=s.importer_image or Image("importer", cloud, dockerfile="runner/importer/Dockerfile").ref,
    command=["python", "-m", "importer"],
    identity=importer_identity,
    environment=Environment(
        {**common, "UPLOADS_BUCKET": uploads.name, "FRONT_URL": front_url, **s.environment("importer")}
    ),
    timeout=s.import_hours * 3600,
    retries=2,
    cpu="2",
    memory="2Gi",
)
uploaded = Topic("uploads", cloud)
StorageEvents("uploads", cloud, bucket=uploads, prefix="uploads/", topic=uploaded)
EventFunction(
    "imports",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "imports",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE), (control, USE_FIRESTORE)],
            buckets=[(uploads, USE)],
            uses=[importer],
        ),
        environment=Environment(
            {
                **common,
                **controls,
                "UPLOADS_BUCKET": uploads.name,
                "IMPORT_JOB": importer.full_name,
                **s.environment("imports"),
            }
        ),
        size=Size(memory="512Mi", cpu="0.333"),
        max_instances=1,  # it starts a job a second; the jobs run beside each other
    ),
    topic=uploaded,
    delivery=delivery,
)

# Clips are cut from segments, and kept longer than these. front starts an execution for each.
cutter = RunJob(
    "cutter",
    cloud,
    image=s.cutter_image or Image("cutter", cloud, dockerfile="runner/cutter/Dockerfile").ref,
    command=["python", "-m", "cutter"],
    identity=Identity(
        "cutter",
        cloud,
        roles=[WRITE_METRICS],
        databases=[(database, USE_FIRESTORE)],
        buckets=[(media, READ)],
        prefixes=[(media, USE, ("clips/",))],
    ),
    environment=Environment({**common, **s.environment("cutter")}),
    timeout=3 * 3600,  # an hour of film, encoded at a third of its speed
    retries=2,
    cpu="2",
    memory="3Gi",  # the file that is made is held in it
)

# Rules look at what is known so far; what they fire goes to channels, each delivery by a message of its own.
fired, deliveries = Topic("alerts", cloud), Topic("deliveries", cloud)
page_of_alerts = f"https://{s.domain}" if s.domain else front_url
acting: dict[str, pulumi.Input[str]] = {"ALERTS_TOPIC": fired.id, "PAGE_URL": page_of_alerts}
PooledFunction(
    "rules",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "rules",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            uses=[fired],
        ),
        environment=Environment({**common, **acting, **s.environment("rules")}),
        size=Size(memory="512Mi", cpu="0.5"),
        max_instances=s.waiting_instances,
        min_instances=s.min_instances,
    ),
    topics=(segments, results),
    delivery=delivery,
    named="rules",
)
PooledFunction(
    "deliver",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "deliver",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
            secrets=[provider_secret],
            uses=[deliveries],
        ),
        environment=Environment(
            {**common, **acting, "DELIVERIES_TOPIC": deliveries.id, **s.environment("deliver")},
            {"PROVIDER_SECRET": provider_secret},
        ),
        size=Size(memory="256Mi", cpu="0.333"),
        max_instances=s.waiting_instances,
    ),
    topics=(fired, deliveries),
    delivery=delivery,
)

# Events that no handler could take are kept with their reason.
topics = (segments, frames, remote, results, uploaded, *batch_topics, fired, deliveries)
DeadLetters(
    "bury",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "bury",
            cloud,
            roles=[WRITE_TRACES, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE)],
        ),
        environment=Environment({**basics, **telemetry, **s.environment("bury")}),
        size=Size(memory="256Mi", cpu="0.333"),
        max_instances=1,
    ),
    topics=topics,
    delivery=delivery,
)

# Services of Google's that browsers call answer the page alone (setting appCheckKey).
app_check = AppCheck("app-check", cloud, site_key=s.app_check_key) if s.app_check_key else None

# People come in by the front: the page, its API and media. To preview a threshold it looks at a frame as detect does,
# and dead letters go back to their topics.
front_identity = Identity(
    "front",
    cloud,
    roles=[WRITE_METRICS],
    databases=[(database, USE_FIRESTORE), (control, USE_FIRESTORE)],
    buckets=[(media, USE), (uploads, USE), (site, READ), (reports, CREATE), (reports, READ)],
    secrets=[admin_key, grant_secret, events_secret, clip_key, provider_secret],
    signs=True,
    uses=[clip, cutter, *topics],
)
signing_key = SigningKey("media-signing", cloud, identity=front_identity)
front = RunService(
    "front",
    cloud,
    image=s.front_image or Image("front", cloud, dockerfile="runner/front/Dockerfile").ref,
    identity=front_identity,
    environment=Environment(
        {
            **common,
            "UPLOADS_BUCKET": uploads.name,
            "REPORTS_BUCKET": reports.name,
            "SITE_BUCKET": site.name,
            **controls,
            "FRONT_URL": front_url,
            "CONTROL_CALLERS": pulumi.Output.concat(ingest_identity.email, ",", importer_identity.email),
            "SIGNING_ID": signing_key.id,
            "INGEST_URL": ingest.uri,
            "ALLOWED_ORIGINS": ",".join(s.web_origins),
            "MAX_REQUESTS": str(FRONT_REQUESTS),
            "TRUSTED_HOPS": str(s.trusted_hops),
            "SIGN_IN": ",".join(s.sign_in),
            "RELAY_ADDRESS": rtmp.address if rtmp else None,
            "RTMP_URL": rtmp.url if rtmp else None,
            "FIRESTORE_BROWSER_HOST": s.firestore_emulator,
            "APP_CHECK_APP": app_check.app if app_check else None,
            "CLIP_URL": clip_url,
            "REANALYSIS_TOPIC": batch_reanalysis.id,
            "CUTTER_JOB": cutter.full_name,
            **acting,
            "DELIVERIES_TOPIC": deliveries.id,
            **s.environment("front"),
        },
        {
            "ADMIN_KEY": admin_key,
            "GRANT_SECRET": grant_secret,
            "SIGNING_SECRET": signing_key.secret,
            "EVENTS_SECRET": events_secret,
            "CLIP_KEY": clip_key,
            "PROVIDER_SECRET": provider_secret,
        },
    ),
    max_instances=s.function_instances,
    min_instances=s.min_instances,
    concurrency=FRONT_REQUESTS,
)

# The front answers under a host name of its own, too (setting domain).
domain = Domain("domain", cloud, host=s.domain, service=front) if s.domain else None
page_url = domain.url if domain else front.uri

# Once a minute: sessions whose publisher died are closed, missed imports are started, final transcripts are made, the
# GPU is kept while it is used.
housekeep = ScheduledFunction(
    "housekeep",
    cloud,
    FunctionArgs(
        source=source,
        identity=Identity(
            "housekeep",
            cloud,
            roles=[CALL_SPEECH, WRITE_METRICS],
            databases=[(database, USE_FIRESTORE), (control, USE_FIRESTORE)],
            buckets=[(media, READ)],
            prefixes=[(media, USE, ("playlists/", "config/", "sound/"))],
            uses=[importer, cutter, clip, speech_agent, fired],
        ),
        environment=Environment(
            {
                **common,
                **controls,
                **acting,
                "IMPORT_JOB": importer.full_name,
                "CUTTER_JOB": cutter.full_name,
                "CLIP_URL": clip.uri if clip else None,  # a machine of one's own needs no call to stay
                **s.environment("housekeep"),
            }
        ),
        size=Size(memory="512Mi", cpu="0.5", timeout=300),
        max_instances=1,
    ),
    cron="* * * * *",
)

# The page: its files, and what it has to know of this deployment.
pages = [front.uri, *([domain.url] if domain else []), *(origin for origin in s.web_origins if origin != "*")]
sign_in = SignIn(
    "sign-in",
    cloud,
    ways=s.sign_in,
    hosts=[pulumi.Output.from_input(page).apply(lambda page: urlsplit(page).hostname or "") for page in pages],
    google=Client(s.google_client_id, s.google_client_secret),
    oidc=Client(s.oidc_client_id, s.oidc_client_secret, s.oidc_issuer),
)
browser_key = BrowserKey(
    "browser",
    cloud,
    origins=[*pages, f"https://{sign_in.domain}"],
    services=app_check.services if app_check else (),
)
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
        "rtmpUrl": rtmp.url if rtmp else None,
        "firestoreEmulator": s.firestore_emulator,
        "authDomain": sign_in.domain,
        "authEmulator": s.auth_emulator,
        "signIn": list(s.sign_in),
        "tenant": s.tenant,
        "appCheck": {"app": app_check.app, "siteKey": s.app_check_key} if app_check else None,
    },
)

# Operators get alerts, and see the rest on one page.
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

exports: dict[str, pulumi.Input[object] | None] = {
    "webUrl": pulumi.Output.concat(page_url, "/"),
    "ingestUrl": ingest.uri,
    "rtmpUrl": rtmp.url if rtmp else None,
    "apiUrl": pulumi.Output.concat(page_url, "/api"),
    "adminKey": admin_key.value,
    "eventsSecret": events_secret.value if events_secret else None,
    "clipUrl": clip_url,
    "domainAddress": domain.address if domain else None,
    "mediaBucket": media.name,
    "uploadsBucket": uploads.name,
    "console": cloud.console_links(s.database),
}
for name, value in exports.items():
    if value is not None:
        pulumi.export(name, value)
