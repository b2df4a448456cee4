"""Quotas of tenants: enforced where an upload begins, and shown before they are hit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY, call
from tests.contract.functions.world import World
from werkzeug.test import TestResponse

from pipeline.documents import imports, streams
from pipeline.documents.control import quotas
from pipeline.documents.control.quotas import Quota
from pipeline.domain import names
from pipeline.domain.model import Stream


@pytest.fixture
def tenant(world: World, request: pytest.FixtureRequest) -> str:
    """A tenant of the test's own, with a stream of the same name."""
    name = request.node.name.partition("[")[0].replace("_", "-")[5:55].strip("-")
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
    assert quotas.uploaded(tenant, quotas.day(now) + timedelta(days=1)) == 0


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
    world.db.document(names.quota_path("main")).delete()


def test_those_who_run_the_deployment_set_them(world: World, tenant: str) -> None:
    admin = people.signed_in(people.member("admin", tenant))
    raised = {"tenant": tenant, "upload_bytes_day": 10**15}
    assert world.api().patch("/quotas", headers=admin, json=raised).status_code == 403
    runs_it = people.signed_in(people.member("admin", "main"))
    answer = world.api().patch("/quotas", headers=runs_it, json=raised).get_json()
    assert (answer["tenant"], answer["limits"]) == (tenant, {"upload_bytes_day": 10**15, "imports_at_once": 10})
    assert world.api().patch("/quotas", headers=KEY, json={"imports_at_once": -1}).status_code == 400
