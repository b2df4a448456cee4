"""Media by grants: what a grant opens, what it does not, and where it leads."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from tests.contract.functions.world import SESSION, World
from tests.measured import measuring

from front import grants, signed
from front.people import known
from front.people.caller import ANONYMOUS
from front.settings import front
from pipeline.domain import names

KEY = {"Authorization": "Bearer admin-key-for-tests"}
SEGMENT = f"segments/{{}}/{SESSION}/00000000.ts"
FRAME = f"frames/{{}}/{SESSION}/0000001000.jpg"


def granted(world: World, stream: str) -> str:
    """Base of a stream's media: `/m/GRANT/`."""
    response = world.api().post(f"/streams/{stream}/grants")
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    return str(response.get_json()["grant"]["url"])


def get(world: World, path: str) -> Any:
    return world.front.test_client().get(path)


def refusal(world: World, path: str, status: int = 403) -> str:
    response = get(world, path)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert "Location" not in response.headers
    return str(response.get_json()["detail"])


def test_a_segment_is_read_from_the_bucket_by_a_signed_address(world: World) -> None:
    world.stream("granted")
    world.bucket.blob(SEGMENT.format("granted")).upload_from_string(b"segment", content_type="video/mp2t")
    response = get(world, granted(world, "granted") + SEGMENT.format("granted"))
    assert response.status_code == 302
    where = urlsplit(response.headers["Location"])
    assert (where.netloc, where.path) == (
        urlsplit(world.bucket.client._connection.API_BASE_URL).netloc,
        f"/media/{SEGMENT.format('granted')}",
    )
    answer = requests.get(response.headers["Location"], timeout=10)
    assert (answer.status_code, answer.content) == (200, b"segment")
    assert requests.get(response.headers["Location"] + "0", timeout=10).status_code == 403, "the signature counts"


def test_a_redirect_is_kept_for_less_time_than_its_signature_has_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stream("redirected")
    base = granted(world, "redirected")
    now = time.time()
    addresses: set[str] = set()
    for later in range(0, 300, 60):  # within one hour's grant
        # The signer's clock alone: the clients of the database keep time, too.
        monkeypatch.setattr(signed, "time", SimpleNamespace(time=lambda later=later: now + later))
        response = get(world, base + FRAME.format("redirected"))
        assert response.headers["Cache-Control"] == "private, max-age=240"
        query = dict(pair.split("=") for pair in urlsplit(response.headers["Location"]).query.split("&"))
        since = time.mktime(time.strptime(query["X-Goog-Date"], "%Y%m%dT%H%M%SZ")) - time.timezone
        assert since + int(query["X-Goog-Expires"]) - (now + later) >= 240
        addresses.add(response.headers["Location"])
    assert len(addresses) <= 2, "browsers can keep what was loaded"


@pytest.mark.breaks_hls_rules  # it names no segment
def test_a_playlist_is_read_and_never_kept(world: World) -> None:
    world.stream("listed")
    name = names.live_playlist("listed", SESSION)
    world.bucket.blob(name).upload_from_string(b"#EXTM3U\n", content_type="text/plain")
    response = get(world, granted(world, "listed") + name)
    assert (response.status_code, response.get_data()) == (200, b"#EXTM3U\n")
    assert response.content_type == "application/vnd.apple.mpegurl"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Access-Control-Allow-Origin"] == "*", "players of other sites read it"
    assert "vod.m3u8" in refusal(world, granted(world, "listed") + names.vod_playlist("listed", SESSION), 404)


@pytest.mark.parametrize(
    "name",
    [
        SEGMENT.format("other"),
        f"playlists/other/{SESSION}/index.m3u8",
        "brands/acme/0123456789abcdef.png",
        "staging/opener/index.m3u8",
        "uploads/opener/20260504T120000Z-abcdef/a.mp4",
        f"segments/opener/../other/{SESSION}/00000000.ts",
        f"segments/opener/{SESSION}/..%2f..%2fother%2f00000000.ts",
        f"segments/opener/{SESSION}/",
        f"segments//opener/{SESSION}/00000000.ts",
        f"segments/opener/{SESSION}/00000000.ts%0a",
        "segments",
    ],
)
def test_a_grant_opens_nothing_but_segments_playlists_and_frames_of_its_stream(world: World, name: str) -> None:
    if not world.db.document("streams/opener").get().exists:
        world.stream("opener")
    response = get(world, granted(world, "opener") + name)
    assert response.status_code in (403, 404)
    assert "Location" not in response.headers


def test_a_grant_that_was_changed_or_made_up_opens_nothing(world: World) -> None:
    world.stream("forged")
    world.stream("neighbour")
    grant = granted(world, "forged").split("/")[2]
    stream, until, epoch, who, mac = grant.split(".")
    changed = [
        f"neighbour.{until}.{epoch}.{who}.{mac}",
        f"{stream}.{int(until) + 3600}.{epoch}.{who}.{mac}",
        f"{stream}.{until}.{int(epoch) + 1}.{who}.{mac}",
        f"{stream}.{until}.{epoch}.admin.{mac}",
        f"{stream}.{until}.{epoch}.{who}.{'0' * 64}",
        f"{stream}.{until}.{epoch}.{who}.{mac[:-1]}",
        f"{stream}.{until}.{epoch}.{who}",
        "nonsense",
    ]
    for text in changed:
        assert "grant" in refusal(world, f"/m/{text}/{FRAME.format(text.split('.')[0])}")
    assert get(world, f"/m/{grant}/{FRAME.format('forged')}").status_code == 302


def test_a_grant_of_another_deployment_opens_nothing(world: World) -> None:
    world.stream("deployed")
    foreign = grants.issue("deployed", ANONYMOUS, "another secret", 3600)
    assert "not made here" in refusal(world, f"/m/{foreign.text}/{FRAME.format('deployed')}")


def test_a_grant_ends_when_it_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.stream("ended")
    grant = world.api().post("/streams/ended/grants").get_json()["grant"]
    until = int(grant["url"].split(".")[1])
    assert 3600 <= until - time.time() <= 3600 + 600
    assert time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(until)) == grant["expires"]
    monkeypatch.setattr(grants, "time", SimpleNamespace(time=lambda: until - 1.0))
    assert get(world, grant["url"] + FRAME.format("ended")).status_code == 302
    monkeypatch.setattr(grants, "time", SimpleNamespace(time=lambda: until + 0.0))
    assert "expired" in refusal(world, grant["url"] + FRAME.format("ended"))


def test_grants_of_a_stream_are_taken_back_by_an_operator_and_others_can_be_had(world: World) -> None:
    world.stream("revoked")
    world.stream("unharmed")
    old, other = granted(world, "revoked"), granted(world, "unharmed")
    assert get(world, old + FRAME.format("revoked")).status_code == 302
    assert world.api().post("/streams/revoked/grants/revoke").status_code == 401
    assert world.api().post("/streams/revoked/grants/revoke", headers=KEY).status_code == 204
    assert "taken back" in refusal(world, old + FRAME.format("revoked"))
    assert get(world, other + FRAME.format("unharmed")).status_code == 302
    assert get(world, granted(world, "revoked") + FRAME.format("revoked")).status_code == 302


def test_grants_that_another_instance_took_back_are_worth_nothing_within_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stream("elsewhere")
    old = granted(world, "elsewhere")
    assert get(world, old + FRAME.format("elsewhere")).status_code == 302
    world.db.document("streams/elsewhere").update({"epoch": 1})
    later = time.monotonic() + 5.1
    monkeypatch.setattr(known._streams, "_clock", lambda: later)
    assert "taken back" in refusal(world, old + FRAME.format("elsewhere"))


def test_a_grant_of_a_deleted_stream_does_not_open_one_that_has_its_name(world: World) -> None:
    world.stream("reborn")
    world.db.document("streams/reborn").update({"epoch": 7})
    old = granted(world, "reborn")
    assert world.api().delete("/streams/reborn", headers=KEY).status_code == 204
    known.forget()
    refusal(world, old + FRAME.format("reborn"))
    created = world.api().post("/streams", headers=KEY, json={"id": "reborn", "name": "Again"})
    assert created.status_code == 201
    known.forget()
    assert "taken back" in refusal(world, old + FRAME.format("reborn"))


def test_there_is_no_grant_for_a_stream_that_is_not_there(world: World) -> None:
    assert world.api().post("/streams/nowhere/grants", headers=KEY).status_code == 404
    assert world.api().post("/streams/nowhere/grants").status_code == 401, "strangers do not learn which streams exist"
    assert world.api().post("/streams/No_Stream/grants").status_code == 400
    assert world.api().post("/streams/nowhere/grants/revoke", headers=KEY).status_code == 404


def test_a_brand_s_reference_mark_is_shown_without_a_grant_and_no_other_object(world: World) -> None:
    world.bucket.blob("brands/shown/0123456789abcdef.png").upload_from_string(b"png", content_type="image/png")
    path = "/brands/shown/references/0123456789abcdef.png"
    assert world.api().get(path).status_code == 401
    assert world.api().get(path, headers=KEY).status_code == 404, "there is no such brand"
    assert world.api().post("/brands", headers=KEY, json={"id": "shown", "name": "Shown"}).status_code == 201
    response = world.api().get(path, headers=KEY)
    assert response.status_code == 302
    assert requests.get(response.headers["Location"], timeout=10).content == b"png"
    for name in ("..%2f..%2fsegments%2fa.png", "a.ts", ".png"):
        assert world.api().get(f"/brands/shown/references/{name}", headers=KEY).status_code == 404
    assert world.api().delete("/brands/shown", headers=KEY).status_code == 204


def test_no_secret_is_in_an_answer(world: World) -> None:
    world.stream("discreet")
    response = get(world, granted(world, "discreet") + FRAME.format("discreet"))
    said = f"{response.headers}{response.get_data(as_text=True)}"
    assert front().signing_secret not in said
    assert front().grant_secret not in said


def test_requests_grants_and_redirects_are_counted_by_what_they_are_about(world: World) -> None:
    world.stream("asked-for")
    client = world.front.test_client()
    with measuring() as measured:
        client.get("/health", buffered=True)
        client.get("/no-such-page", buffered=True)
        given = client.post("/api/streams/asked-for/grants", buffered=True)
        client.post("/api/streams/no-such/grants", headers=KEY, buffered=True)
        for name in (SEGMENT, FRAME):
            client.get(given.get_json()["grant"]["url"] + name.format("asked-for"), buffered=True)
        client.get(f"/m/forged/{SEGMENT.format('asked-for')}", buffered=True)
        expected = {
            ("health", "200"): 1,
            ("page", "404"): 1,
            ("api", "201"): 1,
            ("api", "404"): 1,
            ("media", "302"): 2,
            ("media", "403"): 1,
        }
        found = {(k, s): measured.total("front_requests", kind=k, status=s) for k, s in expected}
        assert found == expected
        assert measured.total("front_requests") == sum(expected.values())
        assert (measured.total("grants_made"), measured.total("media_redirects")) == (1, 2)


def test_a_request_is_counted_only_once_its_answer_was_sent(world: World) -> None:
    with measuring() as measured:
        response = world.front.test_client().get("/health")
        assert measured.total("front_requests") == 0
        response.close()
        assert measured.total("front_requests", kind="health", status="200") == 1
