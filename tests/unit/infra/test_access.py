"""Who may do what, and whom the keys reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.infra.declared import BUCKET, SERVICE, declare, environment

from emulator.declaration.graph import Graph
from emulator.declaration.graph.errors import ProgramFailed
from emulator.declaration.graph.lints.access import grants
from pipeline.domain import names


def test_nothing_is_granted_to_everyone_and_no_bucket_can_be_made_public(graph: Graph) -> None:
    assert "allUsers" not in graph.to_json()
    assert "allAuthenticatedUsers" not in graph.to_json()
    assert {b.inputs["publicAccessPrevention"] for b in graph.of(BUCKET)} == {"enforced"}
    assert not [b.name for b in graph.of(BUCKET) if "website" in b.inputs]


def test_strangers_may_call_front_and_ingest_without_a_grant(graph: Graph) -> None:
    assert {s.name for s in graph.of(SERVICE) if s.inputs.get("invokerIamDisabled")} == {"front", "ingest"}


def test_front_signs_addresses_of_media_with_a_key_of_its_own(graph: Graph) -> None:
    key = graph.named("HmacKey", "media-signing")
    assert key.inputs["serviceAccountEmail"] == "dev-front@acme-video.iam.gserviceaccount.com"
    given = environment(graph, "front")
    assert given["SIGNING_ID"] == key.outputs["accessId"]
    assert {"SIGNING_SECRET", "GRANT_SECRET"} <= {name for name, value in given.items() if value is None}
    assert key.outputs["secret"] not in str([s.inputs for s in graph.of(SERVICE)])


def test_sample_may_not_replace_or_delete_objects_and_track_may_only_read(graph: Graph) -> None:
    roles = {
        who: {
            g.inputs["role"]
            for g in [*graph.of("BucketIAMMember"), *graph.of("gcp:projects/iAMMember:IAMMember")]
            if g.inputs["member"].startswith(f"serviceAccount:dev-{who}@")
        }
        for who in (
            *("ingest", "sample", "detect", "remote", "track", "transcribe", "batch"),
            *("front", "imports", "importer", "cutter", "bury"),
        )
    }
    firestore, traces, metrics = (
        "roles/datastore.user",
        "roles/telemetry.tracesWriter",
        "roles/telemetry.metricsWriter",
    )
    assert roles == {
        "ingest": {firestore, traces, metrics, "roles/storage.objectUser", "roles/storage.objectViewer"},
        "sample": {firestore, traces, metrics, "roles/storage.objectViewer", "roles/storage.objectCreator"},
        "detect": {firestore, traces, metrics, "roles/storage.objectViewer", "roles/storage.objectUser"},
        "remote": {firestore, traces, metrics, "roles/storage.objectViewer", "roles/storage.objectUser"},
        "track": {firestore, traces, metrics, "roles/storage.objectViewer"},
        "batch": {
            *(firestore, traces, metrics, "roles/storage.objectViewer", "roles/storage.objectUser"),
            *("roles/storage.objectCreator", "roles/speech.client"),
        },
        "transcribe": {firestore, traces, metrics, "roles/speech.client"}
        | {"roles/storage.objectViewer", "roles/storage.objectCreator"},
        "front": {firestore, metrics, "roles/storage.objectUser", "roles/storage.objectViewer"}
        | {"roles/storage.objectCreator"},
        "imports": {firestore, traces, metrics, "roles/storage.objectUser"},
        "importer": {firestore, traces, metrics, "roles/storage.objectUser", "roles/storage.objectViewer"},
        "cutter": {firestore, metrics, "roles/storage.objectUser", "roles/storage.objectViewer"},
        "bury": {firestore, traces, metrics},
    }


def test_nothing_may_replace_or_delete_a_frozen_report(graph: Graph) -> None:
    rights = {
        (g.inputs["member"].partition("@")[0], g.inputs["role"])
        for g in graph.of("BucketIAMMember")
        if g.inputs["bucket"] == "acme-video-dev-reports"
    }
    front = "serviceAccount:dev-front"
    assert rights == {(front, "roles/storage.objectCreator"), (front, "roles/storage.objectViewer")}
    [bucket] = [one for one in graph.of("gcp:storage/bucket:Bucket") if one.inputs["name"] == "acme-video-dev-reports"]
    assert "lifecycleRules" not in bucket.inputs


def test_each_workload_writes_media_only_under_the_prefixes_of_what_it_makes(graph: Graph) -> None:
    start = 'resource.name.startsWith("projects/_/buckets/acme-video-dev-media/objects/'
    writes = [
        (g.inputs["member"].partition("@")[0].removeprefix("serviceAccount:dev-"), g.inputs.get("condition") or {})
        for g in graph.of("BucketIAMMember")
        if g.inputs["bucket"] == "acme-video-dev-media"
        and g.inputs["role"] in ("roles/storage.objectUser", "roles/storage.objectCreator")
    ]
    alone = {who: condition.get("expression", "") for who, condition in writes if who != "batch"}
    assert alone == {
        "ingest": " || ".join(f'{start}{p}")' for p in (names.SEGMENTS, names.PLAYLISTS, names.STAGING)),
        "importer": " || ".join(f'{start}{p}")' for p in (f"{names.BATCH}{names.SEGMENTS}", names.PLAYLISTS)),
        "cutter": f'{start}{names.CLIPS}")',
        "sample": f'{start}{names.FRAMES}")',
        "detect": f'{start}{names.RESULTS}")',
        "remote": f'{start}{names.RESULTS}")',
        "transcribe": f'{start}{names.SOUND}")',
        "housekeep": " || ".join(f'{start}{p}")' for p in (names.PLAYLISTS, "config/", names.SOUND)),
        "front": "",  # it deletes streams, with all that is theirs
    }
    # It samples what a live stream's own event missed, too: that leaves frames where the stream's are.
    assert {condition["expression"] for who, condition in writes if who == "batch"} == {
        " || ".join(f'{start}{p}")' for p in (f"{names.BATCH}{names.FRAMES}", names.FRAMES, names.SOUND)),
        f'{start}{names.BATCH}{names.RESULTS}")',
    }
    assert all(len(condition.get("title", "")) <= 100 for _, condition in writes), "IAM's limit"


def test_speech_to_text_reads_kept_sound_and_nothing_else(graph: Graph) -> None:
    agent = graph.named("ServiceIdentity", "speech").outputs["member"]
    [given] = [g.inputs for g in graph.of("BucketIAMMember") if g.inputs["member"] == agent]
    assert given["role"] == "roles/storage.objectViewer"
    assert given["condition"]["expression"].endswith(f'/objects/{names.SOUND}")')


def test_the_builder_of_functions_reads_sources_writes_its_registry_and_logs_and_nothing_else(graph: Graph) -> None:
    builder = graph.named("Account", "build").outputs["member"]
    given = {
        (g.type.rpartition(":")[2], g.inputs["role"]): g.inputs for g in grants(graph) if g.inputs["member"] == builder
    }
    assert given.keys() == {
        ("IAMMember", "roles/logging.logWriter"),
        ("RepositoryIamMember", "roles/artifactregistry.writer"),
        ("BucketIAMMember", "roles/storage.objectViewer"),
        ("IAMMember", "roles/storage.objectViewer"),
    }
    assert given["BucketIAMMember", "roles/storage.objectViewer"]["bucket"] == "acme-video-dev-sources"
    copies = given["IAMMember", "roles/storage.objectViewer"]["condition"]["expression"]
    assert copies == 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")'
    repository = graph.named("Repository", "functions")
    assert given["RepositoryIamMember", "roles/artifactregistry.writer"]["repository"] == repository.outputs["name"]
    for function in graph.of("Function"):
        assert function.inputs["buildConfig"]["dockerRepository"] == repository.id


def test_front_may_send_events_again_and_nobody_but_it_and_google_s_services_publishes(graph: Graph) -> None:
    publishers: dict[str, set[str]] = {}
    for grant in graph.of("TopicIAMMember"):
        publishers.setdefault(grant.inputs["topic"].rpartition("/")[2], set()).add(grant.inputs["member"])
    front = "serviceAccount:dev-front@acme-video.iam.gserviceaccount.com"
    for name in ("segments", "frames", "uploads"):
        assert front in publishers[f"dev-{name}"]
        ours = {member for member in publishers[f"dev-{name}"] if member.startswith("serviceAccount:dev-")}
        assert ours == {front}
        assert front not in publishers[f"dev-{name}-dead"]


@pytest.mark.parametrize(
    ("name", "callers"), [("importer", ("imports", "housekeep")), ("cutter", ("front", "housekeep"))]
)
def test_those_who_start_a_job_may_run_it_with_arguments_and_see_what_became_of_it(
    graph: Graph, name: str, callers: tuple[str, ...]
) -> None:
    job = graph.named("gcp:cloudrunv2/job:Job", name)
    granted = [g.inputs for g in graph.of("JobIamMember") if g.inputs["name"] == job.outputs["name"]]
    grants = {(given["role"], given["member"]) for given in granted}
    accounts = [f"serviceAccount:dev-{caller}@acme-video.iam.gserviceaccount.com" for caller in callers]
    roles = ("roles/run.jobsExecutorWithOverrides", "roles/run.viewer")
    assert grants == {(role, account) for role in roles for account in accounts}
    for caller in callers:
        told = (
            environment(graph, caller)
            if caller == "front"
            else graph.named("Function", caller).inputs["serviceConfig"]["environmentVariables"]
        )
        assert job.id in told.values()


def test_front_alone_signs_urls_and_only_as_itself(graph: Graph) -> None:
    signers = [g for g in graph.of("gcp:serviceaccount/iAMMember:IAMMember") if g.name.endswith("-signs")]
    email = "dev-front@acme-video.iam.gserviceaccount.com"
    assert [(g.inputs["serviceAccountId"].rsplit("/", 1)[-1], g.inputs["member"]) for g in signers] == [
        (email, f"serviceAccount:{email}")
    ]


def test_the_admin_key_reaches_front_as_a_secret_and_nobody_else(graph: Graph) -> None:
    envs = graph.named(SERVICE, "front").inputs["template"]["containers"][0]["envs"]
    secret = {e["name"]: e["valueSource"]["secretKeyRef"] for e in envs if "valueSource" in e}
    assert secret["ADMIN_KEY"] == {"secret": "dev-admin-key", "version": "1"}
    openers = ("detect", "remote", "batch", "deliver")
    front, *opening = (f"serviceAccount:dev-{who}@acme-video.iam.gserviceaccount.com" for who in ("front", *openers))
    readers: dict[str, set[str]] = {}
    for grant in graph.of("SecretIamMember"):
        secret = str(grant.inputs["secretId"]).rpartition("/")[2]
        readers.setdefault(secret, set()).add(grant.inputs["member"])
    assert readers.pop("dev-provider-secret") == {front, *opening}, "front seals keys, all open them"
    assert set().union(*readers.values()) == {front}
    assert graph.secret_exports == ("adminKey",)


def test_a_given_admin_key_is_used_and_none_is_made(site: Path) -> None:
    graph = declare(site, adminKey="open-sesame-open-sesame-1")
    assert graph.exports["adminKey"] == "open-sesame-open-sesame-1"
    assert "admin-key" not in {password.name for password in graph.of("RandomPassword")}
    assert graph.named("SecretVersion", "admin-key").secrets == ("secretData",)


@pytest.mark.parametrize("name", ["adminKey", "eventsSecret", "clipKey"])
def test_a_given_key_that_could_be_guessed_is_refused(site: Path, name: str) -> None:
    given = {"eventsHosts": "cdn.example", "clipUrl": "https://gpu.example", name: "k" * 23}
    with pytest.raises(ProgramFailed, match="of 23 characters: expected 24 or more"):
        declare(site, **given)


def test_the_browser_s_key_is_good_for_firestore_only_and_for_the_given_pages(graph: Graph, site: Path) -> None:
    own = f"{graph.named(SERVICE, 'front').outputs['uri']}/*"
    firebase = "https://acme-video.firebaseapp.com/*"  # of the pages behind links in e-mails, and of other providers
    auth = [{"service": f"{name}.googleapis.com"} for name in ("identitytoolkit", "securetoken")]
    assert graph.named("ApiKey", "browser").inputs["restrictions"] == {
        "apiTargets": [{"service": "firestore.googleapis.com"}, *auth],
        "browserKeyRestrictions": {"allowedReferrers": [own, firebase]},
    }
    assert environment(graph, "front")["ALLOWED_ORIGINS"] == ""
    wider = declare(site, webOrigins="https://a.example")
    restrictions = wider.named("ApiKey", "browser").inputs["restrictions"]
    assert restrictions["browserKeyRestrictions"] == {"allowedReferrers": [own, "https://a.example/*", firebase]}
    assert environment(wider, "front")["ALLOWED_ORIGINS"] == "https://a.example"
