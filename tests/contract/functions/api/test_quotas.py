"""Quotas of tenants and streams: enforced where something begins, and shown before they are hit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY, call
from tests.contract.functions.world import SESSION, STARTED, World
from werkzeug.test import TestResponse

from pipeline.documents import analysis_config, frames, imports, leases, streams
from pipeline.documents.control import quotas
from pipeline.documents.control.quotas import Quota
from pipeline.documents.quota import allowances
from pipeline.domain import names
from pipeline.domain.errors import OverQuota, UsedUp
from pipeline.domain.model import (
    Analysis,
    AnalysisSettings,
    FrameRef,
    Kind,
    SampledSegment,
    Segment,
    SegmentRef,
    Stream,
    StreamState,
)
from pipeline.domain.quotas import StreamQuota, day
from pipeline.maintenance import quotas as duty
from pipeline.maintenance.removal import remove


@pytest.fixture
def tenant(world: World, request: pytest.FixtureRequest) -> str:
    """A tenant of the test's own, with a stream of the same name."""
    said, _, parameters = request.node.name.partition("[")
    name = f"{said.replace('_', '-')[5:50].strip('-')}{f'-{parameters[5:6]}' if parameters else ''}"
    streams.create(Stream(name, name, tenant=name), "key")
    return name


def ask(world: World, stream: str, size: int) -> TestResponse:
    body = {"name": "a.mp4", "size": size, "content_type": "video/mp4"}
    return call(world, "POST", f"/streams/{stream}/uploads", body)


def told(world: World, tenant: str) -> dict[str, Any]:
    headers = people.signed_in(people.member("publisher", tenant))
    return world.api().get("/quotas", headers=headers).get_json()


def test_what_a_tenant_uploads_in_a_day_has_a_limit_that_is_shown_before(world: World, tenant: str) -> None:
    quotas.save(tenant, Quota(upload_bytes_day=100))
    assert (told(world, tenant)["limits"]["upload_bytes_day"], told(world, tenant)["used"]["upload_bytes_today"]) == (
        100,
        0,
    )
    assert ask(world, tenant, 60).status_code == 201
    assert told(world, tenant)["used"]["upload_bytes_today"] == 60
    refused = ask(world, tenant, 41)
    assert refused.status_code == 429
    assert "60 bytes of today's 100 are used up, and this file has 41" in refused.get_json()["detail"]
    assert ask(world, tenant, 40).status_code == 201
    assert told(world, tenant)["used"]["upload_bytes_today"] == 100


def test_another_tenant_has_its_own(world: World, tenant: str) -> None:
    quotas.save(tenant, Quota(upload_bytes_day=0))
    streams.create(Stream("neighbour-of-quota", "N", tenant="neighbour"), "key")
    assert (ask(world, tenant, 1).status_code, ask(world, "neighbour-of-quota", 1).status_code) == (429, 201)


def test_a_new_day_begins_at_nought(world: World, tenant: str) -> None:
    assert ask(world, tenant, 60).status_code == 201
    now = datetime.now(UTC)
    assert quotas.uploaded(tenant, now) == 60
    assert quotas.uploaded(tenant, day(now) + timedelta(days=1)) == 0


def test_imports_that_run_are_counted_and_limited_by_tenant(world: World, tenant: str) -> None:
    quotas.save(tenant, Quota(imports_at_once=1))
    begun = [
        imports.begin(tenant, f"uploads/{tenant}/{n}.mp4", 1_772_000_000_000_000 + n, 10, tenant) for n in range(2)
    ]
    assert [imports.admit(one) for one in (*begun, *begun)] == [True, False, True, False]
    assert told(world, tenant)["used"]["imports_now"] == 1
    imports.change(tenant, begun[0].session, state="done")
    assert imports.admit(begun[1])


def test_an_import_of_an_earlier_release_belongs_to_the_deployment_s_tenant(world: World, tenant: str) -> None:
    old = imports.begin(tenant, f"uploads/{tenant}/old.mp4", 1_772_000_000_000_000, 10)
    document = world.db.document(names.import_path(tenant, old.session))
    fields = document.get().to_dict() or {}
    document.set({name: value for name, value in fields.items() if name not in ("admitted", "tenant")})
    quotas.save("main", Quota(imports_at_once=0))
    assert not imports.admit(old)
    quotas.save("main", Quota(imports_at_once=1_000))
    assert imports.admit(old)
    world.control.document(names.quota_path("main")).delete()


def test_those_who_run_the_deployment_set_them(world: World, tenant: str) -> None:
    admin = people.signed_in(people.member("admin", tenant))
    raised = {"tenant": tenant, "upload_bytes_day": 10**15}
    assert world.api().patch("/quotas", headers=admin, json=raised).status_code == 403
    runs_it = people.signed_in(people.member("admin", "main"))
    answer = world.api().patch("/quotas", headers=runs_it, json=raised).get_json()
    assert (answer["tenant"], answer["limits"]) == (tenant, {**asdict(Quota()), "upload_bytes_day": 10**15})
    back = world.api().patch("/quotas", headers=runs_it, json={"tenant": tenant, "upload_bytes_day": None}).get_json()
    assert back["limits"] == asdict(Quota())
    assert world.api().get(f"/quotas?tenant={tenant}", headers=runs_it).get_json()["tenant"] == tenant
    assert world.api().get("/quotas?tenant=main", headers=admin).status_code == 403
    assert world.api().patch("/quotas", headers=KEY, json={"imports_at_once": -1}).status_code == 400


def media(stream: str, hours: float, size: int = 1_000, number: int = 0) -> None:
    """A segment of a stream that was stored now: as long as a test needs it."""
    segment = Segment(SegmentRef(stream, SESSION, number), 0.0, hours * 3600, datetime.now(UTC))
    sampled = SampledSegment(segment, datetime.now(UTC), 1, (), None, 0.0, size)
    frames.write_segment(sampled, {}, tenant=stream)


def seen(stream: str, media_ms: int, usd: float) -> None:
    """A frame of a stream that a provider was paid for."""
    ref = FrameRef(stream, SESSION, media_ms)
    frames.write_analyses(ref, [Kind.LOGO], [Analysis(Kind.LOGO, "vision", "m", 40)], tenant=stream, usd=usd)


def test_media_of_a_stream_have_a_limit_by_the_day_and_nothing_begins_beyond_it(world: World, tenant: str) -> None:
    quotas.save_stream(tenant, tenant, StreamQuota(media_hours_day=2.0))
    media(tenant, 1.5)
    leases.acquire(tenant, "a sender").release()
    media(tenant, 0.5, number=1)
    with pytest.raises(UsedUp, match=f"stream '{tenant}' has used up its 2 hours of media a day: a new day begins at"):
        leases.acquire(tenant, "a sender")
    refused = ask(world, tenant, 1)
    assert (refused.status_code, refused.get_json()["title"]) == (429, "Quota used up")


def test_a_redelivered_segment_is_counted_once(world: World, tenant: str) -> None:
    for _ in range(2):
        media(tenant, 1.0, size=10)
    used = told(world, tenant)["used"]
    assert (used["media_seconds_today"], used["media_bytes_today"], used["stored_bytes"]) == (3600.0, 10, 10)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Quota(media_hours_day=1.0), "has used up its 1 hours of media a day"),
        (Quota(media_bytes_day=1_000), "has used up its 1000 bytes of media a day"),
        (Quota(stored_bytes=1_000), "keeps 1000 bytes of media and may keep 1000"),
    ],
)
def test_a_tenant_s_streams_share_its_limits(world: World, tenant: str, limit: Quota, words: str) -> None:
    quotas.save(tenant, limit)
    streams.set_state(tenant, StreamState.LIVE)
    media(tenant, 1.0)
    duty.sweep(datetime.now(UTC))
    with pytest.raises(UsedUp, match=f"tenant '{tenant}' {words}"):
        leases.acquire(tenant, "a sender")
    streams.set_state(tenant, StreamState.ENDED)


def test_a_live_session_that_passes_its_hours_ends_and_its_sender_reads_why(world: World, tenant: str) -> None:
    lease = leases.acquire(tenant, "a sender")
    streams.set_state(tenant, StreamState.LIVE)
    quotas.save_stream(tenant, tenant, StreamQuota(media_hours_day=2.0))
    media(tenant, 1.9)
    duty.sweep(datetime.now(UTC))
    lease.renew()
    media(tenant, 0.1, number=1)
    duty.sweep(datetime.now(UTC))
    with pytest.raises(OverQuota, match="2 hours of media a day: a new day begins at"):
        lease.renew()
    streams.set_state(tenant, StreamState.ENDED)


def test_an_hls_sender_s_session_ends_with_the_reason_in_its_documents(world: World, tenant: str) -> None:
    lease = leases.acquire(tenant, "an HLS sender at 192.0.2.7", origin="hls", session=SESSION, join=True)
    streams.record(tenant, lease.session, {"state": "live", "session": SESSION}, {"started": STARTED})
    quotas.save_stream(tenant, tenant, StreamQuota(media_hours_day=0.0))
    duty.sweep(datetime.now(UTC))
    found = streams.get(tenant)
    assert found.state is StreamState.ERROR
    assert found.error is not None
    assert (found.error.code, "0 hours of media" in found.error.message) == ("over-quota", True)
    with pytest.raises(UsedUp):
        leases.acquire(tenant, "an HLS sender at 192.0.2.7", origin="hls", join=True)


def of_stream(world: World, stream: str, who: dict[str, str] = KEY) -> dict[str, Any]:
    return world.api().get(f"/streams/{stream}/quotas", headers=who).get_json()


def test_a_stream_shows_its_use_and_what_the_day_will_cost(world: World, tenant: str) -> None:
    media(tenant, 0.5)
    for number in range(3):
        seen(tenant, number * 1_000, 0.003)
    quiet = of_stream(world, tenant)
    assert quiet["used"] == {"media_seconds_today": 1800.0, "frames_today": 3, "usd_today": 0.009}
    assert (quiet["limits"], quiet["forecast"], quiet["reached"]) == (asdict(StreamQuota()), None, [])
    streams.set_state(tenant, StreamState.LIVE)
    lately = of_stream(world, tenant)["forecast"]
    streams.set_state(tenant, StreamState.ENDED)
    assert lately["usd_per_hour"] == pytest.approx(0.009 * 60, rel=0.05)  # of a first minute
    assert lately["usd_day"] >= 0.009


def test_a_frame_that_is_paid_for_again_adds_to_its_day(world: World, tenant: str) -> None:
    seen(tenant, 0, 0.003)
    seen(tenant, 0, 0.0015)
    frames.pay(FrameRef(tenant, SESSION, 0), 0.0015, tenant=tenant)
    assert of_stream(world, tenant)["used"]["usd_today"] == 0.006


def test_what_was_paid_on_an_earlier_day_stays_there(world: World, tenant: str) -> None:
    ref = FrameRef(tenant, SESSION, 0)
    seen(tenant, 0, 0.5)
    frames.pay(ref, 0.0015, tenant=tenant, paid_at=datetime.now(UTC) - timedelta(days=1))
    assert of_stream(world, tenant)["used"]["usd_today"] == 0.0015


def test_an_operator_sets_a_stream_s_limits_within_its_tenant_s(world: World, tenant: str) -> None:
    quotas.save(tenant, Quota(usd_day=5.0))
    operator = people.signed_in(people.member("operator", tenant))
    path = f"/streams/{tenant}/quotas"
    answer = world.api().patch(path, headers=operator, json={"usd_day": 2.5}).get_json()
    assert answer["limits"] == {**asdict(StreamQuota()), "usd_day": 2.5}
    refused = world.api().patch(path, headers=operator, json={"usd_day": 6})
    assert refused.status_code == 400
    assert refused.get_json()["detail"] == "'usd_day' must be at most 5, the limit of the stream's tenant"
    assert world.api().patch(path, headers=operator, json={"usd_day": -1}).status_code == 400
    back = world.api().patch(path, headers=operator, json={"usd_day": None}).get_json()
    assert back["limits"] == asdict(StreamQuota())
    admin = people.signed_in(people.member("admin", tenant))
    [entry, *_] = world.api().get("/audit", headers=admin).get_json()["entries"]
    assert (entry["action"], entry["target"]) == ("quotas.change_of_stream", f"quotas/{tenant}")


def test_over_the_budget_nothing_is_asked_again(world: World, tenant: str) -> None:
    streams.update_session(tenant, SESSION, started=STARTED)
    quotas.save_stream(tenant, tenant, StreamQuota(usd_day=0.003))
    seen(tenant, 0, 0.003)
    refused = call(world, "POST", f"/streams/{tenant}/sessions/{SESSION}/analyses", {})
    assert refused.status_code == 429, refused.get_json()
    assert "has used up its $0.003 a day" in refused.get_json()["detail"]
    assert of_stream(world, tenant)["reached"] == [refused.get_json()["detail"]]
    free = AnalysisSettings(providers={Kind.LOGO: ("gallery",)}, kinds=(Kind.LOGO,))
    streams.describe(Stream(tenant, tenant, settings=free), {"settings"})
    analysis_config.forget()
    assert call(world, "POST", f"/streams/{tenant}/sessions/{SESSION}/analyses", {}).status_code == 202  # costs nothing


def test_a_deleted_stream_s_use_stays_its_tenant_s_and_its_limits_go(world: World, tenant: str) -> None:
    quotas.save_stream(tenant, tenant, StreamQuota(usd_day=1.0))
    media(tenant, 1.0)
    seen(tenant, 0, 0.5)
    assert remove(tenant, 60)
    used = told(world, tenant)["used"]
    assert (used["media_seconds_today"], used["usd_today"], used["frames_today"]) == (3600.0, 0.5, 1)
    assert quotas.of_stream(tenant, tenant) == StreamQuota()
    streams.create(Stream(tenant, tenant, tenant=tenant), "key")
    assert remove(tenant, 60)
    assert told(world, tenant)["used"]["usd_today"] == 0.5


def test_services_that_analyse_read_a_copy_of_the_limits(world: World, tenant: str) -> None:
    quotas.save(tenant, Quota(usd_day=9.0))
    quotas.save_stream(tenant, tenant, StreamQuota(frames_day=7))
    found = allowances.of(tenant, tenant, datetime.now(UTC))
    assert (found.tenant, found.stream) == (Quota(usd_day=9.0), StreamQuota(frames_day=7))
