"""Members of a tenant: invited, changed and removed by its administrators."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY
from tests.contract.functions.world import World
from werkzeug.test import TestResponse

from pipeline.documents.people import members
from pipeline.domain import names
from pipeline.domain.people import Member, Role


@pytest.fixture
def boss(world: World) -> Member:
    return people.member("admin", name="boss")


def ask(world: World, who: Member | None, method: str, path: str, body: Any = None) -> TestResponse:
    headers = KEY if who is None else people.signed_in(who)
    return world.api().open(path, method=method, headers=headers, json=body)


def gone(*emails: str) -> None:
    for email in emails:
        members.remove(names.member(email))


def test_a_person_is_invited_by_address_and_belongs_to_one_tenant(world: World, boss: Member) -> None:
    gone("zoe@main.example")
    made = ask(world, boss, "POST", "/members", {"email": " Zoe@Main.example ", "role": "publisher", "name": "Zoe"})
    assert made.status_code == 201
    member = made.get_json()["member"]
    assert (member["id"], member["email"]) == (names.member("zoe@main.example"), "zoe@main.example")
    assert (member["tenant"], member["role"], member["created_by"]) == ("main", "publisher", boss.id)
    again = ask(world, boss, "POST", "/members", {"email": "ZOE@main.example", "role": "viewer"})
    assert again.status_code == 409
    listed = ask(world, boss, "GET", "/members?limit=1000").get_json()["members"]
    assert [one["role"] for one in listed if one["id"] == member["id"]] == ["publisher"]


def test_pages_of_members_join(world: World) -> None:
    crew = [people.member("viewer", "crew", name) for name in ("a", "b", "c")]
    admin = people.member("admin", "crew")
    found: list[str] = []
    after = ""
    while True:
        page = ask(world, admin, "GET", f"/members?limit=2{after}").get_json()
        found += [one["id"] for one in page["members"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == sorted(one.id for one in [*crew, admin])


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@b.example", "a b@c.example", "a@b@c.example", "a\n@b.example"])
def test_what_is_no_address_is_refused(world: World, boss: Member, email: str) -> None:
    refused = ask(world, boss, "POST", "/members", {"email": email, "role": "viewer"})
    assert refused.status_code == 400


def test_an_administrator_changes_and_removes_others_and_not_themselves(world: World, boss: Member) -> None:
    other = people.member("viewer", name="other")
    changed = ask(world, boss, "PATCH", f"/members/{other.id}", {"role": "operator", "name": "O"})
    assert (changed.get_json()["member"]["role"], changed.get_json()["member"]["name"]) == ("operator", "O")
    assert ask(world, boss, "DELETE", f"/members/{other.id}").status_code == 204
    assert ask(world, boss, "DELETE", f"/members/{other.id}").status_code == 404
    assert ask(world, boss, "PATCH", f"/members/{boss.id}", {"role": "viewer"}).status_code == 409
    assert ask(world, boss, "DELETE", f"/members/{boss.id}").status_code == 409
    assert ask(world, boss, "PATCH", f"/members/{boss.id}", {"name": "Boss"}).status_code == 200


def test_members_of_another_tenant_do_not_exist(world: World, boss: Member) -> None:
    theirs = people.member("viewer", "other")
    admin = people.member("admin", "other")
    mine = people.member("viewer", name="mine")
    for method, body in (("PATCH", {"role": "admin"}), ("DELETE", None)):
        assert ask(world, admin, method, f"/members/{mine.id}", body).status_code == 404
    assert ask(world, admin, "GET", "/members?tenant=main").status_code == 403
    made = ask(world, admin, "POST", "/members", {"email": "x@y.example", "role": "admin", "tenant": "main"})
    assert made.status_code == 403
    assert {one["tenant"] for one in ask(world, admin, "GET", "/members").get_json()["members"]} == {"other"}
    # Those who run the deployment make tenants, by inviting their first administrator.
    gone("first@new.example")
    first = ask(world, boss, "POST", "/members", {"email": "first@new.example", "role": "admin", "tenant": "new"})
    assert first.get_json()["member"]["tenant"] == "new"
    assert ask(world, boss, "DELETE", f"/members/{theirs.id}").status_code == 204


def test_a_role_below_administrator_invites_no_one(world: World) -> None:
    for role in (Role.VIEWER, Role.PUBLISHER, Role.OPERATOR):
        low = people.member(role, name=f"low-{role}")
        refused = ask(world, low, "POST", "/members", {"email": "x@y.example", "role": "viewer"})
        assert refused.status_code == 403
        assert "administrator" in refused.get_json()["detail"]
