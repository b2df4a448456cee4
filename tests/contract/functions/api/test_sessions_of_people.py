"""Sessions of the page: begun with a proven address, gone on with by a cookie, ended for good."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.world import World
from werkzeug.test import Client, TestResponse

from front.people import known
from front.settings import front
from pipeline.documents.people import members
from pipeline.domain.people import Member

PAGE = {"Origin": "http://localhost", "Content-Type": "application/json"}


@pytest.fixture
def ann(world: World) -> Member:
    return people.member("operator", name="ann")


def proven(one: Member, provider: str = "password", **claims: Any) -> dict[str, str]:
    said = {"email": one.email, "email_verified": True} | claims
    return people.bearer(people.token("a-user-of-firebase", provider, **said))


def begin(client: Client, one: Member) -> TestResponse:
    return client.post("/session", headers=PAGE | proven(one), data="{}")


def detail(response: TestResponse, status: int) -> str:
    assert response.status_code == status, response.get_data(as_text=True)
    return str(response.get_json()["detail"])


def test_a_proven_address_begins_a_session_whose_cookie_goes_on_with_it(world: World, ann: Member) -> None:
    client = world.api()
    begun = begin(client, ann)
    assert begun.status_code == 200, begun.get_data(as_text=True)
    assert begun.get_json()["member"] == {
        "id": ann.id,
        "email": "ann@main.example",
        "name": "",
        "tenant": "main",
        "role": "operator",
    }
    body = begun.get_json()["token"].split(".")[1]
    custom = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert (custom["uid"], custom["claims"]) == (ann.id, {"t": "main", "r": "operator", "e": 0})
    assert custom["exp"] <= time.time() + 600
    cookie = begun.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    again = client.post("/session/token", headers=PAGE, data="{}")
    assert again.get_json()["member"] == begun.get_json()["member"]
    assert members.get(ann.id).last_seen is not None


def test_the_cookie_has_its_prefix_and_travels_encrypted_only_where_tokens_are_signed(
    world: World, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.api()
    begin(client, ann)
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST")
    cookie = client.delete("/session", headers=PAGE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=;") and "Secure" in cookie


def test_an_address_that_is_not_verified_or_has_no_member_begins_none(world: World, ann: Member) -> None:
    unverified = world.api().post("/session", headers=PAGE | proven(ann, email_verified=False), data="{}")
    assert "not verified" in detail(unverified, 403)
    stranger = world.api().post("/session", headers=PAGE | proven(ann, email="eve@example.com"), data="{}")
    assert "not a member" in detail(stranger, 403)


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another-project"}, {"iss": "https://securetoken.google.com/x"}, {"exp": 1}, {"sub": ""}],
    ids=lambda one: next(iter(one)),
)
def test_a_token_of_another_project_or_that_has_expired_is_refused(world: World, ann: Member, claims: Any) -> None:
    assert "sign in again" in detail(world.api().post("/session", headers=PAGE | proven(ann, **claims), data="{}"), 401)


def test_an_unsigned_token_is_refused_where_no_emulator_is_named(
    world: World, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.cloud import firebase

    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST")
    monkeypatch.setattr(firebase._certificates, "_read", lambda url: {})
    firebase._certificates.clear()
    assert "sign in again" in detail(begin(world.api(), ann), 401)
    assert world.api().get("/streams", headers=people.signed_in(ann)).status_code == 401


def test_the_token_of_a_session_begins_no_other_one(world: World, ann: Member) -> None:
    assert "sign in again" in detail(world.api().post("/session", headers=PAGE | proven(ann, "custom"), data="{}"), 401)


def test_an_id_token_that_proves_an_address_only_opens_nothing(world: World, ann: Member) -> None:
    assert "POST /api/session" in detail(world.api().get("/streams", headers=proven(ann)), 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
@pytest.mark.parametrize("path", ["/session", "/session/token", "/session/everywhere"])
def test_other_sites_cannot_use_a_session(
    world: World, ann: Member, path: str, headers: dict[str, str], status: int
) -> None:
    client = world.api()
    begin(client, ann)
    assert client.post(path, headers=PAGE | proven(ann) | headers, data="{}").status_code == status


def test_without_a_cookie_there_is_no_session_and_no_error(world: World) -> None:
    assert world.api().post("/session/token", headers=PAGE, data="{}").status_code == 204


def test_a_cookie_that_was_changed_holds_nothing(world: World, ann: Member) -> None:
    other = people.member("admin", name="bob")
    cookie = begin(world.api(), ann).headers["Set-Cookie"]
    [(id, until, epoch, mac)] = re.findall(r"session=(m\w+)\.(\d+)\.(\d+)\.(\w+)", cookie)
    for text in (
        f"{other.id}.{until}.{epoch}.{mac}",
        f"{id}.{int(until) + 1}.{epoch}.{mac}",
        f"{id}.{until}.{int(epoch) + 1}.{mac}",
        f"{id}.{until}.{epoch}.{'0' * 64}",
        "nonsense",
    ):
        client = world.api()
        client.set_cookie("session", text)
        assert "ended" in detail(client.post("/session/token", headers=PAGE, data="{}"), 401)


def test_a_grant_of_media_is_no_cookie_though_it_has_its_form(world: World, ann: Member) -> None:
    import hashlib
    import hmac

    said = f"{ann.id}.{int(time.time()) + 600}.0"  # as grants were made before they named a person
    mac = hmac.new(front().grant_secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    client = world.api()
    client.set_cookie("session", f"{said}.{mac}")
    assert client.post("/session/token", headers=PAGE, data="{}").status_code == 401


def test_signing_out_takes_the_cookie_away(world: World, ann: Member) -> None:
    client = world.api()
    begin(client, ann)
    assert client.delete("/session", headers=PAGE).status_code == 204
    assert client.post("/session/token", headers=PAGE, data="{}").status_code == 204


def test_signing_out_everywhere_ends_cookies_and_tokens(world: World, ann: Member) -> None:
    here, elsewhere = world.api(), world.api()
    begin(here, ann)
    begin(elsewhere, ann)
    assert world.api().get("/streams", headers=people.signed_in(ann)).status_code == 200
    assert here.post("/session/everywhere", headers=PAGE, data="{}").status_code == 204
    assert elsewhere.post("/session/token", headers=PAGE, data="{}").status_code == 401
    assert world.api().get("/streams", headers=people.signed_in(ann)).status_code == 401
    renewed = begin(world.api(), ann)
    assert renewed.status_code == 200


def test_a_removed_or_demoted_member_s_token_opens_nothing_within_five_seconds(
    world: World, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = people.signed_in(ann)
    assert world.api().get("/members", headers=headers).status_code == 200
    members.change(ann.id, {"role": "viewer"})  # by another instance
    later = time.monotonic() + 5.1
    monkeypatch.setattr(known._members, "_clock", lambda: later)
    assert world.api().get("/members", headers=headers).status_code == 401
    members.remove(ann.id)
    known.forget()
    assert world.api().get("/streams", headers=headers).status_code == 401


@pytest.mark.parametrize("claims", [{"r": "admin"}, {"t": "other"}, {"e": 7}, {"r": None}])
def test_claims_that_the_member_s_document_does_not_say_open_nothing(world: World, ann: Member, claims: Any) -> None:
    assert world.api().get("/streams", headers=people.signed_in(ann, **claims)).status_code == 401
