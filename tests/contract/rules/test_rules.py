"""The table of the rules: each collection × operation × reader, asked of Google's emulator under the declared rules.

Readers have unsigned ID tokens, as the Auth emulator makes them; Firestore's emulator takes them.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from tests.servers import await_ready, free_port

from emulator.emulators import google_emulators
from emulator.processes.ready import http_answers
from pipeline.domain import names

ROOT = Path(__file__).parents[3]
PROJECT = "demo-rules"
_AT_ONCE = 4  # requests
OWNER = {"Authorization": "Bearer owner"}  # stands for the services, which IAM lets in
LISTED = "listed"
SESSION = "sessions/s1"

# Streams: id, tenant, visibility, viewers.
STREAMS = (
    ("private", "main", "private", []),
    ("for-listed", "main", "private", [LISTED]),
    ("team", "main", "tenant", []),
    ("open", "main", "public", []),
    ("theirs", "other", "tenant", []),
)
MEMBERS = {
    "viewer": ("main", "viewer"),
    LISTED: ("main", "viewer"),
    "publisher": ("main", "publisher"),
    "operator": ("main", "operator"),
    "admin": ("main", "admin"),
    "other admin": ("other", "admin"),
}
WORKERS = {"publisher", "operator", "admin"}
OWN = WORKERS | {"viewer", LISTED}
# Readers who once had a right, or never had one.
ENDED = {"stranger", "no member", "removed", "demoted", "signed out everywhere", "share revoked", "share ended"}
READERS = {*MEMBERS, *ENDED, "share"}
ALL: set[str] = READERS
NONE: set[str] = set()

SEEN = {
    "private": WORKERS | {"share"},
    "for-listed": WORKERS | {LISTED},
    "team": OWN,
    "open": ALL,
    "theirs": {"other admin"},
}
"""By stream: those who may read it and what lies under it."""
PARTS = ("segments", "frames", "transcripts", "minutes")

Row = tuple[set[str], set[str]]  # who may get a document, and who may list its collection
ROWS: dict[str, Row] = {}
for _id, _tenant, _, _ in STREAMS:
    ROWS[f"streams/{_id}/{SESSION}"] = (SEEN[_id], SEEN[_id])
    for _part in PARTS:
        ROWS[f"streams/{_id}/{SESSION}/{_part}/0001"] = (SEEN[_id], SEEN[_id])
    _members = (SEEN[_id] & set(MEMBERS)) - ({"other admin"} if _id == "open" else NONE)
    ROWS[f"streams/{_id}/clips/c1"] = (SEEN[_id], SEEN[_id])
    ROWS[f"streams/{_id}/imports/s1"] = (_members, _members)
    ROWS[f"streams/{_id}/other/x"] = (NONE, NONE)
    ROWS[f"streams/{_id}/{SESSION}/other/x"] = (NONE, NONE)
ROWS |= {
    "providers/vision": ({"operator", "admin"}, {"operator", "admin"}),
    "shares/good": ({"share", "share ended"}, NONE),
    "shares/revoked": ({"share revoked"}, NONE),
    **dict.fromkeys(
        (
            *("keys/private", "leases/private", "pushes/private", "refusals/private", "config/analysis"),
            *(
                "dead_letters/x",
                "upload_grants/x",
                "upload_sessions/x",
                "quotas/main",
                "allowances/main",
                "unheard/of",
                "changes/brands",
                "transcriptions/open.s1",
                "rules/x",
                "channels/x",
                "alerts/x",
                "deliveries/x.y",
                "reports/x",
            ),
        ),
        (NONE, NONE),
    ),
}
"""Collections whose rules look at no field of what is listed."""
# Those whose lists must ask for a tenant: who may get a document of main's, and who may list those of main.
TENANTS: dict[str, Row] = {
    "brands": (OWN, OWN),
    "audit": ({"admin"}, {"admin"}),
    "members": (NONE, {"admin"}),
}


def token(reader: str) -> dict[str, str]:
    """The headers of a reader."""
    links = {"share": ("good", 3600), "share revoked": ("revoked", 3600), "share ended": ("good", -5)}
    now = int(time.time())
    if reader == "stranger":
        return {}
    if reader in links:
        id, seconds = links[reader]
        said: dict[str, Any] = {"sub": f"s-{id}", "s": "private", "x": now + seconds, "h": id, "n": False}
    elif reader == "no member":
        said = {"sub": "u1", "email": "a@b.example", "email_verified": True}
    else:
        known = {"removed": ("main", "admin"), "demoted": ("main", "admin"), "signed out everywhere": ("main", "admin")}
        tenant, role = (MEMBERS | known)[reader]
        said = {"sub": _uid(reader), "t": tenant, "r": role, "e": 1}
    said |= {"aud": PROJECT, "iss": f"https://securetoken.google.com/{PROJECT}", "iat": now, "exp": now + 3600}
    said["user_id"] = said["sub"]
    return {"Authorization": f"Bearer {_packed({'alg': 'none', 'typ': 'JWT'})}.{_packed(said)}."}


def _uid(reader: str) -> str:
    return reader.replace(" ", "-")


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int):
        return {"integerValue": str(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(one) for one in value]}}
    return {"stringValue": value}


class Documents:
    """The documents of a Firestore under the declared rules."""

    def __init__(self, address: str, database: str = "(default)") -> None:
        self.address = address
        self.base = f"{address}/v1/projects/{PROJECT}/databases/{database}/documents"
        self._pool = urllib3.PoolManager(maxsize=_AT_ONCE, timeout=30)  # thousands of requests share its connections

    def put(self, path: str, **fields: Any) -> None:
        body = {"fields": {name: _value(value) for name, value in fields.items()}}
        assert self._status("PATCH", f"{self.base}/{path}", OWNER, body) == 200, path

    def get(self, reader: str, path: str) -> int:
        return self._status("GET", f"{self.base}/{path}", token(reader))

    def query(
        self,
        reader: str,
        parent: str,
        collection: str,
        *where: tuple[str, str, Any],
        limit: int = 100,
        group: bool = False,
    ) -> int:
        query: dict[str, Any] = {"from": [{"collectionId": collection, "allDescendants": group}]}
        if limit:
            query["limit"] = limit
        filters = [
            {"fieldFilter": {"field": {"fieldPath": field}, "op": op, "value": _value(value)}}
            for field, op, value in where
        ]
        if filters:
            query["where"] = {"compositeFilter": {"op": "AND", "filters": filters}}
        at = f"{self.base}{'/' + parent if parent else ''}:runQuery"
        return self._status("POST", at, token(reader), {"structuredQuery": query})

    def write(self, reader: str, path: str) -> set[int]:
        collection, headers = path.rpartition("/")[0], token(reader)
        return {
            self._status("PATCH", f"{self.base}/{path}", headers, {"fields": {}}),
            self._status("POST", f"{self.base}/{collection}", headers, {"fields": {}}),
            self._status("DELETE", f"{self.base}/{path}", headers),
        }

    def _status(self, method: str, url: str, headers: Mapping[str, str], body: dict[str, Any] | None = None) -> int:
        return self._pool.request(method, url, headers=headers, json=body).status


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    port = free_port()
    folder = tmp_path_factory.mktemp("firestore")
    command, _ = google_emulators.firestore(port, free_port(), folder, print)
    address = f"http://127.0.0.1:{port}"
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        await_ready(process, http_answers(port, "/"), log)
        for database, file in ("", "firestore.rules"), ("/databases/control", "firestore.control.rules"):
            rules = {"name": file, "content": (ROOT / "infra" / file).read_text()}
            path = f"/emulator/v1/projects/{PROJECT}{database}:securityRules"
            put = requests.put(address + path, json={"rules": {"files": [rules]}}, timeout=30)
            assert put.status_code == 200, put.text
        found = Documents(address)
        _fill(found)
        yield found
    finally:
        process.terminate()
        process.wait(60)


def _fill(found: Documents) -> None:
    for id, tenant, visibility, viewers in STREAMS:
        found.put(f"streams/{id}", tenant=tenant, visibility=visibility, viewers=viewers, name=id)
        found.put(f"streams/{id}/{SESSION}/frames/0001", tenant=tenant, stream=id)
    for name, (tenant, role) in MEMBERS.items():
        found.put(f"members/{_uid(name)}", tenant=tenant, role=role, epoch=1)
    found.put("members/demoted", tenant="main", role="viewer", epoch=1)
    found.put("members/signed-out-everywhere", tenant="main", role="admin", epoch=2)
    found.put("shares/good", stream="private", revoked=False)
    found.put("shares/revoked", stream="private", revoked=True)
    for collection in ("brands", "audit"):
        for tenant in ("main", "other"):
            found.put(f"{collection}/{tenant}", tenant=tenant)
    for path in ROWS:
        if not path.startswith("shares/") and not path.endswith("/frames/0001"):
            found.put(path)


def _allowed(ask: Any) -> set[str]:
    """The readers whom `ask` answers with 200; the others must be refused."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        statuses = dict(zip(READERS, pool.map(ask, READERS), strict=True))
    assert set(statuses.values()) <= {200, 403}, statuses
    return {reader for reader, status in statuses.items() if status == 200}


def test_every_collection_has_a_row() -> None:
    made = {"frames", "segments", *(path.split("/")[-2] for path in ROWS), *TENANTS, "streams"}
    for name, function in inspect.getmembers(names, inspect.isfunction):
        if name.endswith("_path"):
            [line] = re.findall(r'return f"(.*)"', inspect.getsource(function))
            assert line.split("/")[-2] in made, f"{name}: no row says who may read its collection"


@pytest.mark.parametrize("path", ROWS)
def test_documents_are_read_by_those_who_may_and_no_one_else(documents: Documents, path: str) -> None:
    may_get, may_list = ROWS[path]
    collection = path.rpartition("/")[0]
    parent, _, name = collection.rpartition("/")
    assert _allowed(lambda reader: documents.get(reader, path)) == may_get
    assert _allowed(lambda reader: documents.query(reader, parent, name)) == may_list
    assert _allowed(lambda reader: documents.query(reader, parent, name, limit=0)) == NONE, "a list has an end"
    assert _allowed(lambda reader: documents.query(reader, parent, name, limit=1001)) == NONE


@pytest.mark.parametrize("collection", TENANTS)
def test_documents_of_a_tenant_are_listed_by_asking_for_it(documents: Documents, collection: str) -> None:
    may_get, may_list = TENANTS[collection]
    own, other = ("tenant", "EQUAL", "main"), ("tenant", "EQUAL", "other")
    if collection != "members":
        assert _allowed(lambda reader: documents.get(reader, f"{collection}/main")) == may_get
    assert _allowed(lambda reader: documents.query(reader, "", collection, own)) == may_list
    assert _allowed(lambda reader: documents.query(reader, "", collection, other)) == {"other admin"}
    assert _allowed(lambda reader: documents.query(reader, "", collection)) == NONE
    assert _allowed(lambda reader: documents.query(reader, "", collection, own, limit=0)) == NONE
    assert _allowed(lambda reader: documents.query(reader, "", collection, own, limit=1001)) == NONE


@pytest.mark.parametrize("stream", SEEN)
def test_a_stream_is_read_by_those_who_see_it(documents: Documents, stream: str) -> None:
    assert _allowed(lambda reader: documents.get(reader, f"streams/{stream}")) == SEEN[stream]


def test_streams_are_listed_by_tenant_and_by_viewers_as_they_may_see_them(documents: Documents) -> None:
    own = ("tenant", "EQUAL", "main")
    shown, listed = ("visibility", "IN", ["tenant", "public"]), ("viewers", "ARRAY_CONTAINS", LISTED)
    assert _allowed(lambda reader: documents.query(reader, "", "streams", own)) == WORKERS
    assert _allowed(lambda reader: documents.query(reader, "", "streams", own, shown)) == OWN
    assert _allowed(lambda reader: documents.query(reader, "", "streams", own, listed)) == WORKERS | {LISTED}
    assert _allowed(lambda reader: documents.query(reader, "", "streams")) == NONE
    assert _allowed(lambda reader: documents.query(reader, "", "streams", shown)) == NONE
    assert _allowed(lambda reader: documents.query(reader, "", "streams", own, limit=0)) == NONE


def test_frames_of_all_streams_are_for_those_who_work_in_their_tenant(documents: Documents) -> None:
    own, one = ("tenant", "EQUAL", "main"), ("stream", "EQUAL", "team")
    assert _allowed(lambda reader: documents.query(reader, "", "frames", own, group=True)) == WORKERS
    assert _allowed(lambda reader: documents.query(reader, "", "frames", own, one, group=True)) == WORKERS
    assert _allowed(lambda reader: documents.query(reader, "", "frames", group=True)) == NONE
    assert _allowed(lambda reader: documents.query(reader, "", "frames", own, group=True, limit=0)) == NONE
    for collection in ("segments", "transcripts", "minutes", "sessions", "imports"):
        assert _allowed(lambda reader, of=collection: documents.query(reader, "", of, own, group=True)) == NONE


def test_people_read_their_own_membership_and_no_other(documents: Documents) -> None:
    for reader in MEMBERS:
        found = _allowed(lambda one, of=reader: documents.get(one, f"members/{_uid(of)}"))
        assert found == {reader}


def test_browsers_read_and_write_nothing_of_control(documents: Documents) -> None:
    control, asked = Documents(documents.address, "control"), ("tenant", "EQUAL", "main")
    for collection in (*names.CONTROL, "audit"):
        control.put(f"{collection}/x", tenant="main")
        assert _allowed(lambda reader, of=collection: control.get(reader, f"{of}/x")) == NONE
        assert _allowed(lambda reader, of=collection: control.query(reader, "", of, asked)) == NONE
        assert control.write("admin", f"{collection}/x") == {403}


def test_browsers_write_nothing(documents: Documents) -> None:
    for path in (
        "streams/open",
        "streams/team/imports/s1",
        "members/admin",
        "audit/main",
        "brands/main",
        "shares/good",
    ):
        for reader in ("stranger", "admin", "share"):
            assert documents.write(reader, path) == {403}
