"""Ids are the deployment's: a tenant that tries one learns no more than that it is taken."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import call
from tests.contract.functions.world import World

OWN, OTHER = "ids-own", "ids-other"


@pytest.mark.parametrize("kind", ["streams", "brands"])
def test_an_id_of_another_tenant_is_taken_in_the_words_of_ones_own(world: World, kind: str) -> None:
    client = world.api()
    own, other = (people.signed_in(people.member("operator", tenant)) for tenant in (OWN, OTHER))
    body: dict[str, Any] = {"id": f"known-{kind}", "name": "A secret of its tenant"}
    assert client.post(f"/{kind}", json=body, headers=own).status_code == 201

    told = [client.post(f"/{kind}", json=body | {"name": "Mine"}, headers=who) for who in (own, other)]

    assert [answer.status_code for answer in told] == [409, 409]
    assert told[0].get_json() == told[1].get_json()
    for word in (OWN, "secret", "exists"):
        assert word not in told[1].get_data(as_text=True)
    unknown = client.get(f"/{kind}/unknown", headers=other).get_json()
    hidden = client.get(f"/{kind}/known-{kind}", headers=other).get_json()
    assert {**hidden, "detail": hidden["detail"].replace(f"known-{kind}", "unknown")} == unknown


def test_an_address_that_is_a_member_elsewhere_is_refused_in_the_words_of_ones_own(world: World) -> None:
    own, other = (people.signed_in(people.member("admin", tenant)) for tenant in (OWN, OTHER))
    invited = {"email": "sought@example.com", "role": "viewer"}
    made = world.api().post("/members", json=invited, headers=own)
    told = [world.api().post("/members", json=invited, headers=who) for who in (own, other)]
    assert (made.status_code, [one.status_code for one in told]) == (201, [409, 409])
    assert told[0].get_json() == told[1].get_json()
    world.db.document(f"members/{made.get_json()['member']['id']}").delete()


def test_an_id_made_of_a_brands_name_tells_nothing_of_other_tenants(world: World) -> None:
    own, other = (people.signed_in(people.member("operator", tenant)) for tenant in (OWN, OTHER))

    def made(name: str, headers: dict[str, str]) -> str:
        return world.api().post("/brands", json={"name": name}, headers=headers).get_json()["brand"]["id"]

    assert call(world, "POST", "/brands", {"name": "Looked for"}).get_json()["brand"]["id"] == "looked-for"
    first, second, alone = made("Looked for", own), made("Looked for", other), made("Never seen", other)
    for id, name in ((first, "looked-for"), (second, "looked-for"), (alone, "never-seen")):
        readable, _, end = id.rpartition("-")
        assert readable == name
        assert len(end) == 6
