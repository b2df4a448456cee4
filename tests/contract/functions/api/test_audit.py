"""The audit: every change has a name, in the same commit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core.exceptions import NotFound as GoogleNotFound
from tests.contract.functions import people
from tests.contract.functions.asking import KEY, call
from tests.contract.functions.world import World

from front.api.routes import OPERATIONS
from pipeline.documents import leases, streams
from pipeline.documents.control import audit
from pipeline.documents.people import members
from pipeline.domain import names
from pipeline.domain.errors import NotFound
from pipeline.domain.model import Stream
from pipeline.domain.people import Member


def entries(world: World, target: str) -> list[dict[str, Any]]:
    """The entries about `target`, the oldest first."""
    found = call(world, "GET", "/audit?limit=1000").get_json()["entries"]
    return [one for one in reversed(found) if one["target"] == target]


def test_a_change_says_who_what_and_from_what_to_what(world: World) -> None:
    call(world, "POST", "/streams", {"id": "told", "name": "Old"})
    from_there = {"REMOTE_ADDR": "198.51.100.9"}
    world.api().patch("/streams/told", headers=KEY, json={"name": "New"}, environ_base=from_there)
    made, changed = entries(world, "streams/told")
    assert (made["action"], made["before"], made["after"]["name"]) == ("streams.create", None, "Old")
    assert (changed["action"], changed["kind"], changed["who"]) == ("streams.change", "admin_key", None)
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Old", "New")
    assert changed["address"] == "198.51.100.9" and datetime.fromisoformat(changed["at"]) <= datetime.now(UTC)


def test_a_change_by_a_stream_s_key_names_the_stream(world: World) -> None:
    world.stream("uploaded")
    body = {"name": "a.mp4", "size": 9, "content_type": "video/mp4"}
    headers = {"Authorization": "Bearer key"}
    granted = world.api().post("/streams/uploaded/uploads", headers=headers, json=body).get_json()["upload"]
    (entry,) = entries(world, names.upload_grant_path(names.upload_grant(granted["object"])))
    assert (entry["kind"], entry["who"], entry["after"]["size"]) == ("stream_key", "uploaded", 9)


def test_a_member_s_change_names_the_member_and_stays_in_the_tenant(world: World) -> None:
    admin, other = people.member("admin", "audited"), people.member("admin", "audited-too")
    body = {"email": "ann@audited.example", "role": "viewer"}
    members.remove(names.member("ann@audited.example"))
    invited = world.api().post("/members", headers=people.signed_in(admin), json=body).get_json()["member"]["id"]
    world.api().patch(f"/members/{invited}", headers=people.signed_in(admin), json={"role": "operator"})

    def seen(by: Member) -> list[tuple[str, str, str]]:
        found = world.api().get("/audit", headers=people.signed_in(by)).get_json()["entries"]
        return [(one["action"], one["who"], one["target"]) for one in found]

    target = f"members/{invited}"
    assert seen(admin) == [("members.change", admin.id, target), ("members.create", admin.id, target)]
    assert seen(other) == []
    (changed, _) = world.api().get("/audit", headers=people.signed_in(admin)).get_json()["entries"]
    assert (changed["kind"], changed["before"], changed["after"]) == (
        "member",
        {"role": "viewer"},
        {"role": "operator"},
    )


def test_the_admin_key_s_change_of_a_stream_is_told_to_the_stream_s_tenant(world: World) -> None:
    admin = people.member("admin", "owner-of-it")
    streams.create(Stream("owned", "Owned", tenant="owner-of-it"), "key")
    call(world, "POST", "/streams/owned/stop")
    (entry,) = world.api().get("/audit", headers=people.signed_in(admin)).get_json()["entries"]
    assert (entry["action"], entry["kind"], entry["who"]) == ("streams.stop", "admin_key", None)


def test_no_key_and_no_hash_of_one_is_told(world: World) -> None:
    key = call(world, "POST", "/streams", {"id": "untold", "name": "U"}).get_json()["key"]
    call(world, "POST", "/streams/untold/key?grace_hours=24")
    hashes = world.control.document(names.key_path("untold")).get().to_dict() or {}
    (rotated,) = entries(world, names.key_path("untold"))
    assert rotated["after"]["previous_until"] == hashes["previous_until"].isoformat()
    databases = (world.db, world.control)
    said = str([one.to_dict() for db in databases for one in db.collection("audit").stream()])
    assert not [secret for secret in (key, hashes["hash"], hashes["previous"]) if secret in said]


def test_a_change_that_fails_leaves_no_entry(world: World) -> None:
    call(world, "POST", "/streams", {"id": "once", "name": "A"})
    assert call(world, "POST", "/streams", {"id": "once", "name": "B"}).status_code == 409
    assert call(world, "PATCH", "/streams/once", {"name": 7}).status_code == 400
    assert call(world, "PATCH", "/streams/never-made", {"name": "C"}).status_code == 404
    assert [one["action"] for one in entries(world, "streams/once")] == ["streams.create"]
    assert entries(world, "streams/never-made") == []


def test_the_change_and_its_entry_are_one_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.stream("whole")
    taken = audit.Entry("a", "t", "main", "admin_key", None, "")
    monkeypatch.setattr(audit, "_new_id", lambda: "20260101T000000000000Z-00000000")
    with audit.entry(taken):
        streams.describe(Stream("whole", "First"), {"name"})
    with pytest.raises(Exception, match="exists"), audit.entry(audit.Entry("a", "t", "main", "admin_key", None, "")):
        streams.describe(Stream("whole", "Second"), {"name"})  # its entry's id is taken
    assert streams.get("whole").name == "First"


def test_a_commit_that_is_tried_again_takes_its_entry(world: World) -> None:
    world.stream("again")
    path = "streams/again"
    document = world.db.document(path)
    with audit.entry(audit.Entry("a", "t", "main", "admin_key", None, "")):
        batch = world.db.batch()
        batch.update(world.db.document("streams/never-made"), {"name": "A"})
        with pytest.raises(GoogleNotFound):
            audit.commit(batch, path)
        audit.update(document, {"name": "B"})
    (entry,) = entries(world, path)
    assert entry["after"] == {"name": "B"}


def test_what_commits_nothing_leaves_its_entry_once_it_has_happened(world: World) -> None:
    world.stream("still")
    assert call(world, "POST", "/streams/still/stop").get_json() == {"stopped": None}
    (entry,) = entries(world, "streams/still/stop")
    assert (entry["action"], entry["before"], entry["after"]) == ("streams.stop", None, None)


def test_services_change_documents_without_an_entry(world: World) -> None:
    world.stream("served")
    leases.acquire("served", "a sender")
    leases.revoke("served")
    with pytest.raises(NotFound):
        streams.describe(Stream("absent", "X"), {"name"})
    assert entries(world, names.lease_path("served")) == []


def test_the_list_comes_in_pages_the_newest_first(world: World) -> None:
    for n in range(5):
        call(world, "POST", "/streams", {"id": f"paged-{n}", "name": "P"})
    found: list[str] = []
    after = ""
    while len(found) < 5:
        page = call(world, "GET", f"/audit?limit=2{after}").get_json()
        found += [one["target"] for one in page["entries"]]
        after = f"&after={page['next']}"
    assert found[:5] == [f"streams/paged-{n}" for n in reversed(range(5))]
    assert call(world, "GET", "/audit?after=nonsense").status_code == 400
    assert call(world, "GET", "/audit?after=20200101T000000000000Z-00000000").status_code == 404


def test_entries_are_kept_for_400_days(world: World) -> None:
    call(world, "POST", "/streams", {"id": "kept-long", "name": "K"})
    (entry,) = entries(world, "streams/kept-long")
    stored = world.db.document(names.audit_path(entry["id"])).get().to_dict() or {}
    assert stored["expires"] - stored["at"] == timedelta(days=400)


def test_only_what_changes_nothing_is_left_out() -> None:
    reading = {operation.action for operation in OPERATIONS if operation.reads}
    assert reading == {
        *("events.announce", "grants.create", "grants.create_for_brands", "grants.create_for_publishing"),
        *("sessions.preview", "rules.test"),
        *(f"sponsorship.of_{what}{how}" for what in ("session", "many") for how in ("", "_csv", "_pdf", "_xlsx")),
        *("session.begin", "session.token", "session.end", "shares.redeem"),
    }
    assert {operation.method for operation in OPERATIONS if operation.changes} == {"POST", "PATCH", "DELETE"}
    assert len({operation.action for operation in OPERATIONS}) == len(OPERATIONS)


def test_a_stream_s_key_does_not_open_it(world: World) -> None:
    world.stream("curious")
    assert world.api().get("/audit").status_code == 401
    assert world.api().get("/audit", headers={"Authorization": "Bearer key"}).status_code == 401
    assert world.api().get("/audit", headers=KEY).status_code == 200
