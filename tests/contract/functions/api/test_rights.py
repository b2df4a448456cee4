"""The table of rights: each route × each caller, on a private stream and in a tenant of one's own or another one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY
from tests.contract.functions.world import STARTED, World
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from front.api.access import RIGHTS, Scope, admit
from front.api.routes import OPERATIONS
from pipeline.documents import streams
from pipeline.domain.errors import Forbidden, MediaAnalyzerError, NotFound, Unauthorized
from pipeline.domain.model import Stream
from pipeline.domain.people import Visibility

MEMBERS = {"viewer", "listed", "publisher", "maker", "operator", "admin"}
WORKERS = MEMBERS - {"viewer", "listed"}
LEADERS = {"operator", "admin"}
OTHERS = {"other viewer", "other publisher", "other operator", "other admin"}
CALLERS = MEMBERS | OTHERS | {"stranger", "share", "share of reports", "share of another stream", "ended share", "key"}

SEE = WORKERS | {"listed", "share", "share of reports"}
REPORTS = WORKERS | {"listed", "share of reports"}
CHANGE = LEADERS | {"maker"}
TENANT_VIEWER = MEMBERS | OTHERS
TENANT_PUBLISHER = WORKERS | OTHERS - {"other viewer"}
TENANT_OPERATOR = LEADERS | {"other operator", "other admin"}
TENANT_ADMIN = {"admin", "other admin"}
ALL = CALLERS

LET_IN = {
    **dict.fromkeys(("health", "describe", "announceSegment", "redeemShare"), ALL),
    **dict.fromkeys(("beginSession", "resumeSession", "endSession", "endAllSessions"), ALL),
    **dict.fromkeys(("getStream", "grantMedia", "listSessions", "getSession", "listClips", "getClip"), SEE),
    **dict.fromkeys(("listFrames", "listDetections", "listTracks", "listWords", "getCaptions", "getSubtitles"), SEE),
    **dict.fromkeys(("getExposure", "getExposureTable", "listAppearances", "getAnnotations", "getCost"), REPORTS),
    **dict.fromkeys(
        ("reportSponsorship", "getSponsorshipTable", "getSponsorshipPaper", "getSponsorshipWorkbook"), REPORTS
    ),
    **dict.fromkeys(
        ("reportSponsorships", "getSponsorshipsTable", "getSponsorshipsPaper", "getSponsorshipsWorkbook"), TENANT_VIEWER
    ),
    **dict.fromkeys(("listReports", "getReport", "getReportPaper", "showEvidence"), TENANT_VIEWER),
    "freezeReport": TENANT_OPERATOR,
    "listCorrections": REPORTS,
    **dict.fromkeys(("correct", "takeCorrectionBack"), CHANGE),
    **dict.fromkeys(("changeStream", "deleteStream", "getKey", "rotateKey", "stopStream", "getStreamQuotas"), CHANGE),
    **dict.fromkeys(("grantPublishing", "createClip", "deleteClip"), CHANGE),
    "createUpload": CHANGE | {"key"},
    **dict.fromkeys(
        ("revokeGrants", "createShare", "listShares", "revokeShare", "shareClip", "changeStreamQuotas"), LEADERS
    ),
    **dict.fromkeys(("analyseAgain", "previewThreshold", "shareClip"), LEADERS),
    **dict.fromkeys(("listStreams", "listBrands", "getBrand", "showReference", "grantMarks"), TENANT_VIEWER),
    **dict.fromkeys(("createStream", "getConfiguration", "listProviders"), TENANT_PUBLISHER),
    **dict.fromkeys(("createBrand", "changeBrand", "deleteBrand", "addReference", "removeReference"), TENANT_OPERATOR),
    "describeAlert": ALL,
    **dict.fromkeys(("listRules", "getRule", "listChannels", "listAlerts"), TENANT_PUBLISHER),
    **dict.fromkeys(("createRule", "changeRule", "deleteRule", "testRule"), TENANT_OPERATOR),
    **dict.fromkeys(("createChannel", "deleteChannel", "changeAlert", "replayDelivery"), TENANT_OPERATOR),
    "getQuotas": TENANT_PUBLISHER,
    "changeQuotas": {"admin"},
    "listMembers": TENANT_OPERATOR,
    **dict.fromkeys(("inviteMember", "changeMember", "removeMember", "listAudit"), TENANT_ADMIN),
    **dict.fromkeys(("changeConfiguration", "providerHealth", "providerInfo"), LEADERS),
    **dict.fromkeys(("listDeadLetters", "retryDeadLetters", "discardDeadLetter", "retryDeadLetter"), LEADERS),
}
"""By operation: the callers whom it lets in. The stream is private, and `listed` is among its viewers."""


@pytest.fixture(scope="module")
def callers(world: World) -> dict[str, dict[str, str]]:
    """The headers of each caller; the stream `rights` is there."""
    known = {name: people.member(name, name=f"rights-{name}") for name in MEMBERS - {"listed", "maker"}}
    known["listed"] = people.member("viewer", name="rights-listed")
    known["maker"] = people.member("publisher", name="rights-maker")
    for name in OTHERS:
        known[name] = people.member(name.removeprefix("other "), "elsewhere", "rights")  # each in its turn
        known[name] = people.member(name.removeprefix("other "), "elsewhere", f"rights-{name.partition(' ')[2]}")
    private = Stream(
        *("rights", "Rights"),
        created=STARTED,
        tenant="main",
        visibility=Visibility.PRIVATE,
        viewers=(known["listed"].id,),
        created_by=known["maker"].id,
    )
    streams.create(private, "key-of-rights")
    soon = datetime.now(UTC) + timedelta(hours=1)
    links = {
        "share": people.shared("rights", soon),
        "share of reports": people.shared("rights", soon, reports=True),
        "share of another stream": people.shared("elsewhere", soon, reports=True),
    }
    found = {name: people.signed_in(one) for name, one in known.items()}
    found |= {name: people.holder(link) for name, link in links.items()}
    found["ended share"] = people.holder(people.shared("rights", soon, reports=True, revoked=True))
    return found | {"stranger": {}, "key": people.bearer("key-of-rights")}


def test_a_streams_key_lets_a_file_in_and_opens_nothing_else() -> None:
    taken = {one.id for one in OPERATIONS if RIGHTS[one.handler].key}
    assert taken == {"createUpload"}
    assert taken == {id for id, callers in LET_IN.items() if "key" in callers and callers != ALL}


def test_every_route_has_a_row_here_and_there() -> None:
    assert {one.id for one in OPERATIONS} == LET_IN.keys()
    assert {one.handler for one in OPERATIONS} == RIGHTS.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_a_route_lets_in_those_who_have_the_right_and_no_other(
    world: World, callers: dict[str, dict[str, str]], operation: object
) -> None:
    one = next(known for known in OPERATIONS if known is operation)
    right, stream = RIGHTS[one.handler], "rights" if "{stream}" in one.path else None
    refused: dict[str, type[MediaAnalyzerError]] = {}
    for name, headers in callers.items():
        builder = EnvironBuilder(method=one.method, path=one.path, headers=list(headers.items()))
        request = Request(builder.get_environ())
        try:
            admit(request, right, stream)
        except MediaAnalyzerError as error:
            refused[name] = type(error)
    assert CALLERS - refused.keys() == LET_IN[one.id]
    for name, error in refused.items():
        assert error in (Unauthorized, Forbidden, NotFound)
        if name in ("stranger", "ended share"):
            assert error is Unauthorized
        elif right.scope is Scope.STREAM and name in OTHERS | {"share of another stream", "viewer"}:
            assert error is NotFound, "it is hidden from them"
        elif name != "key":
            assert error is Forbidden


def test_the_admin_key_opens_every_route_and_each_use_is_logged(
    world: World, callers: dict[str, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    for one in OPERATIONS:
        builder = EnvironBuilder(method=one.method, path=one.path, headers=list(KEY.items()))
        request = Request(builder.get_environ())
        admit(request, RIGHTS[one.handler], "rights" if "{stream}" in one.path else None)
    logged = [record.labels["route"] for record in caplog.records if "admin key" in record.getMessage()]  # type: ignore[attr-defined]
    closed = [one for one in OPERATIONS if RIGHTS[one.handler].scope not in (Scope.OPEN, Scope.SIGNED)]
    assert logged == [f"{one.method} {re.sub('[{}]', lambda found: found[0], one.path)}" for one in closed]
    assert "admin-key-for-tests" not in caplog.text


def test_a_public_stream_is_seen_by_everyone_and_changed_by_its_own(
    world: World, callers: dict[str, dict[str, str]]
) -> None:
    streams.create(Stream("rights-open", "Open", created=STARTED, visibility=Visibility.PUBLIC, tenant="main"), "key")
    client = world.api()
    assert client.post("/streams/rights-open/grants").status_code == 201
    assert client.get("/streams/rights-open").status_code == 200
    for name in ("stranger", "viewer", "other admin"):
        for path in ("/streams/rights-open/key", "/streams/rights-open/stop"):
            assert client.post(path, headers=callers[name]).status_code in (401, 403)
        cost = client.get("/streams/rights-open/sessions/s/cost", headers=callers[name])
        assert cost.status_code == {"stranger": 401, "viewer": 404, "other admin": 403}[name], (
            "reports are its tenant's"
        )


def test_lists_show_what_the_caller_may_see(world: World, callers: dict[str, dict[str, str]]) -> None:
    tenant = "listing"
    worker, viewer = people.member("publisher", tenant), people.member("viewer", tenant)
    for name, visibility, viewers in (
        ("a", Visibility.PRIVATE, ()),
        ("b", Visibility.PRIVATE, (viewer.id,)),
        ("c", Visibility.TENANT, ()),
        ("d", Visibility.PUBLIC, ()),
    ):
        made = Stream(
            f"listing-{name}", name, created=STARTED, tenant=tenant, visibility=visibility, viewers=tuple(viewers)
        )
        streams.create(made, "key")

    def listed(headers: dict[str, str]) -> list[str]:
        found: list[str] = []
        after = ""
        while True:
            page = world.api().get(f"/streams?limit=2{after}", headers=headers).get_json()
            found += [one["id"] for one in page["streams"]]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    assert listed(people.signed_in(worker)) == ["listing-a", "listing-b", "listing-c", "listing-d"]
    assert listed(people.signed_in(viewer)) == ["listing-b", "listing-c", "listing-d"]
    assert "listing-d" not in listed(callers["admin"])
    assert {"listing-a", "rights"} <= set(listed(KEY))
