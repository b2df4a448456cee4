"""Grants end with the right of the one they were given to: members, holders of share links, strangers."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY
from tests.contract.functions.world import SESSION, STARTED, World

from front.people import known
from pipeline.documents import brands, streams
from pipeline.documents.people import members, shares
from pipeline.domain.model import Brand, Stream
from pipeline.domain.people import Member, Visibility
from pipeline.maintenance.removal import remove


def stream(id: str, visibility: Visibility = Visibility.PRIVATE, *viewers: Member) -> None:
    made = Stream(id, id, created=STARTED, tenant="main", visibility=visibility, viewers=tuple(v.id for v in viewers))
    streams.create(made, "key")


def grant(world: World, id: str, headers: dict[str, str]) -> str:
    given = world.api().post(f"/streams/{id}/grants", headers=headers)
    assert given.status_code == 201, given.get_data(as_text=True)
    return f"{given.get_json()['grant']['url']}frames/{id}/{SESSION}/0000001000.jpg"


def opens(world: World, address: str) -> bool:
    status = world.front.test_client().get(address).status_code
    assert status in (302, 403)
    return status == 302


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes everything that is kept in memory five seconds old, as another instance sees it."""

    def pass_by() -> None:
        now = time.monotonic()
        for cache in (known._members, known._shares, known._streams, known._brands):
            monkeypatch.setattr(cache, "_clock", lambda: now + 5.1)

    return pass_by


def test_a_member_s_grant_ends_with_the_membership(world: World, later: Any) -> None:
    stream("of-ann")
    ann = people.member("publisher", name="ann")
    address = grant(world, "of-ann", people.signed_in(ann))
    assert opens(world, address)
    members.remove(ann.id)
    later()
    assert not opens(world, address)


def test_a_viewer_s_grant_ends_when_the_stream_is_not_shown_to_them_any_more(world: World, later: Any) -> None:
    viewer = people.member("viewer", name="eyes")
    stream("listed-for", Visibility.PRIVATE, viewer)
    address = grant(world, "listed-for", people.signed_in(viewer))
    assert opens(world, address)
    world.db.document("streams/listed-for").update({"viewers": []})
    later()
    assert not opens(world, address)


def test_a_stranger_s_grant_ends_when_a_stream_is_public_no_more(world: World) -> None:
    stream("was-public", Visibility.PUBLIC)
    address = grant(world, "was-public", {})
    assert opens(world, address)
    changed = world.api().patch("/streams/was-public", headers=KEY, json={"visibility": "tenant"})
    assert changed.get_json()["stream"]["visibility"] == "tenant"
    assert not opens(world, address), "at once where it was changed"
    assert world.api().post("/streams/was-public/grants").status_code == 401


def test_a_share_s_grant_ends_with_the_link(world: World, later: Any) -> None:
    stream("shared-once")
    soon = datetime.now(UTC) + timedelta(hours=1)
    link, other = people.shared("shared-once", soon), people.shared("shared-once", soon)
    address, of_other = (grant(world, "shared-once", people.holder(one)) for one in (link, other))
    assert opens(world, address) and opens(world, of_other)
    shares.revoke(link.id)
    later()
    assert not opens(world, address)
    assert opens(world, of_other), "other links of the stream go on"


def test_a_link_does_not_open_another_stream_that_gets_the_id(world: World, later: Any) -> None:
    stream("shared-again")
    link = people.shared("shared-again", datetime.now(UTC) + timedelta(hours=1))
    assert world.api().get("/streams/shared-again", headers=people.holder(link)).status_code == 200
    assert remove("shared-again", 60)
    stream("shared-again")
    later()
    assert world.api().get("/streams/shared-again", headers=people.holder(link)).status_code == 401
    assert shares.of_stream("shared-again") == []


def test_a_share_s_grant_ends_when_its_time_is_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream("shared-briefly")
    link = people.shared("shared-briefly", datetime.now(UTC) + timedelta(hours=1))
    address = grant(world, "shared-briefly", people.holder(link))
    world.db.document(f"shares/{link.id}").update({"until": datetime.now(UTC)})
    known.forget()
    assert not opens(world, address)


def test_marks_are_read_by_members_of_their_tenant_alone(world: World, later: Any) -> None:
    mark = "brands/marked/0123456789abcdef.png"
    world.bucket.blob(mark).upload_from_string(b"png", content_type="image/png")
    brands.create(Brand("marked", "Marked", tenant="main"))
    stream("beside-marks", Visibility.PUBLIC)
    try:
        mine, theirs = people.member("viewer", name="mark"), people.member("admin", "other")
        given = world.api().post("/grants", headers=people.signed_in(mine)).get_json()["grant"]["url"]
        foreign = world.api().post("/grants", headers=people.signed_in(theirs)).get_json()["grant"]["url"]
        assert opens(world, given + mark)
        assert not opens(world, foreign + mark)
        assert not opens(world, given + "brands/none/0123456789abcdef.png")
        assert not opens(world, given + f"frames/beside-marks/{SESSION}/0000001000.jpg")
        media = grant(world, "beside-marks", {}).partition("frames/")[0]
        assert not opens(world, media + mark)
        members.end_sessions(mine.id)
        later()
        assert not opens(world, given + mark)
    finally:
        brands.delete("marked")


def test_a_link_opens_reports_only_where_it_says_so(world: World) -> None:
    stream("reported")
    soon = datetime.now(UTC) + timedelta(hours=1)
    plain, full = people.shared("reported", soon), people.shared("reported", soon, reports=True)
    path = f"/streams/reported/sessions/{SESSION}/cost"
    assert world.api().get(path, headers=people.holder(plain)).status_code == 403
    assert world.api().get(path, headers=people.holder(full)).status_code == 404, "there is no such session"


def test_those_who_choose_viewers_choose_members_of_the_tenant(world: World) -> None:
    stream("chosen")
    operator, publisher = people.member("operator", name="op"), people.member("publisher", name="pub")
    mine, theirs = people.member("viewer", name="v"), people.member("viewer", "other", "v")

    def choose(who: Member, **change: Any) -> int:
        return world.api().patch("/streams/chosen", headers=people.signed_in(who), json=change).status_code

    assert choose(operator, viewers=[mine.id], visibility="tenant") == 200
    assert choose(operator, viewers=[theirs.id]) == 404
    assert choose(operator, viewers=["x"]) == 400
    assert choose(operator, visibility="open") == 400
    assert choose(publisher, visibility="public") == 403
    made = world.api().post(
        "/streams", headers=people.signed_in(publisher), json={"id": "publishers-own", "name": "Own"}
    )
    told = made.get_json()["stream"]
    assert (told["visibility"], told["tenant"], told["created_by"]) == ("private", "main", publisher.id)
    again = {"id": "own-2", "name": "Own", "visibility": "public"}
    assert world.api().post("/streams", headers=people.signed_in(publisher), json=again).status_code == 403
