"""Review and sign-off: corrections change the report; a frozen report stays as it is, whatever is tried."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from google.api_core.exceptions import PreconditionFailed
from tests.contract.functions.reported import KEY, NORDAL, VELOX, get, post, put_session
from tests.contract.functions.world import SESSION, World

from front.api.routes import OPERATIONS
from pipeline.cloud import clients
from pipeline.documents.sponsor import frozen
from pipeline.documents.sponsor.settings import reports_bucket
from pipeline.domain import names
from pipeline.domain.errors import Conflict
from pipeline.domain.model import FrameRef

BOX = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}


def session_of(stream: str) -> str:
    return f"/streams/{stream}/sessions/{SESSION}"


def seconds(world: World, stream: str) -> dict[str, float]:
    report = post(world, f"{session_of(stream)}/sponsorship", {}).get_json()["report"]
    return {one["label"]: one["on_screen"]["seconds"] for one in report["labels"]}


@pytest.fixture(scope="module")
def reviewed(world: World) -> str:
    """Velox for 4 s, then nothing for 2, then Velox and Nordal for 4."""
    put_session(world, "reviewed", 10, {0: (VELOX,), 4: (), 6.0: (NORDAL, VELOX)})
    return "reviewed"


def test_a_session_corrected_by_hand_gives_corrected_figures(world: World, reviewed: str) -> None:
    path = f"{session_of(reviewed)}/corrections"
    first, later = (
        one["id"] for one in get(world, reviewed, "appearances").get_json()["appearances"] if one["label"] == "Velox"
    )
    assert seconds(world, reviewed) == {"Velox": 8.0, "=Nordal": 4.0}
    assert post(world, path, {"action": "confirm", "appearance": first}).status_code == 201
    rejected = post(world, path, {"action": "reject", "appearance": later}).get_json()["correction"]
    assert seconds(world, reviewed) == {"Velox": 4.0, "=Nordal": 4.0}
    drawn = {"action": "draw", "label": "Corva", "box": BOX, "from": 1, "to": 8.5}
    for _ in range(2):  # the same again is the same correction
        assert post(world, path, drawn).status_code == 201
    assert seconds(world, reviewed) == {"Velox": 4.0, "=Nordal": 4.0, "Corva": 7.5}
    again = post(world, path, {"action": "rename", "appearance": later, "label": "Velox Racing"}).get_json()
    assert again["correction"]["id"] == rejected["id"], "the last word on an appearance counts"
    assert seconds(world, reviewed) == {"Corva": 7.5, "Velox": 4.0, "=Nordal": 4.0, "Velox Racing": 4.0}
    told = post(world, f"{session_of(reviewed)}/sponsorship", {}).get_json()["report"]["sessions"][0]["corrections"]
    assert {one["action"] for one in told} == {"confirm", "draw", "rename"}
    assert [(one["was"], one["label"]) for one in told if one["action"] == "rename"] == [("Velox", "Velox Racing")]
    for one in get(world, reviewed, "corrections").get_json()["corrections"]:
        assert world.api().delete(f"{path}/{one['id']}", headers=KEY).status_code == 204
    assert seconds(world, reviewed) == {"Velox": 8.0, "=Nordal": 4.0}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"action": "reject", "appearance": "0000000001-000"}, 404),
        ({"action": "rename", "appearance": "0000000000-000"}, 400),
        ({"action": "draw", "label": "Corva", "box": BOX | {"x": 0.9}, "from": 1, "to": 2}, 400),
        ({"action": "draw", "label": "Corva", "box": BOX, "from": 2, "to": 1}, 400),
        ({"action": "draw", "label": "Corva", "box": BOX, "from": 11, "to": 12}, 400),
        ({"action": "doubt", "appearance": "0000000000-000"}, 400),
    ],
)
def test_what_cannot_be_corrected_is_named(world: World, reviewed: str, said: dict[str, Any], status: int) -> None:
    assert post(world, f"{session_of(reviewed)}/corrections", said).status_code == status


@pytest.fixture(scope="module")
def signed(world: World) -> str:
    """The id of a frozen report."""
    put_session(world, "signed", 10, {0: (VELOX,), 4: (), 6.0: (NORDAL, VELOX)})
    for at in (0, 4000, 6000):
        ref = FrameRef("signed", SESSION, at)
        world.bucket.blob(names.frame_object(ref)).upload_from_string(b"\xff\xd8 a picture", content_type="image/jpeg")
        clients.firestore_client().document(names.frame_path(ref)).update({"snapshot": names.frame_object(ref)})
    sessions = [{"stream": "signed", "session": SESSION}]
    answer = post(world, "/reports", {"sessions": sessions, "name": "Cup final", "signed_by": "Ada Byron"})
    assert answer.status_code == 201
    return answer.get_json()["id"]


def frozen_report(world: World, report: str) -> dict[str, Any]:
    return world.api().get(f"/reports/{report}", headers=KEY).get_json()


def test_a_frozen_report_is_hashed_named_dated_and_keeps_its_evidence(world: World, signed: str) -> None:
    told = frozen_report(world, signed)
    assert (told["name"], told["signed_by"], told["id"]) == ("Cup final", "Ada Byron", signed)
    assert told["at"]
    data = reports_bucket().blob(f"{signed}/report.json").download_as_bytes()
    assert hashlib.sha256(data).hexdigest() == signed
    assert {one["label"]: one["on_screen"]["seconds"] for one in told["report"]["labels"]} == {
        "Velox": 8.0,
        "=Nordal": 4.0,
    }
    assert sorted((one["label"], one["time"]) for one in told["evidence"]) == [
        ("=Nordal", 6.0),
        ("Velox", 0.0),
        ("Velox", 6.0),
    ]
    listed = world.api().get("/reports", headers=KEY).get_json()["reports"]
    assert [one["name"] for one in listed if one["id"] == signed] == ["Cup final"]


def test_a_frozen_report_stays_when_its_session_is_corrected_and_deleted(world: World, signed: str) -> None:
    before = frozen_report(world, signed)
    drawn = {"action": "draw", "label": "Corva", "box": BOX, "from": 1, "to": 8.5}
    assert post(world, f"{session_of('signed')}/corrections", drawn).status_code == 201
    for blob in world.bucket.list_blobs(prefix="frames/signed/"):
        blob.delete()
    assert frozen_report(world, signed) == before
    name = before["evidence"][0]["name"]
    kept = world.api().get(f"/reports/{signed}/evidence/{name}", headers=KEY)
    assert (kept.status_code, kept.data[:2]) == (200, b"\xff\xd8")


def test_a_frozen_report_cannot_be_changed(world: World, signed: str) -> None:
    """By the API, or by front itself; tests/contract/gcs/access tries it with the rights that front has there."""
    before = frozen_report(world, signed)
    assert {one.method for one in OPERATIONS if one.path.startswith("/reports/{report}")} == {"GET"}
    for method in ("PUT", "PATCH", "POST", "DELETE"):
        assert world.api().open(f"/reports/{signed}", method=method, headers=KEY, json={}).status_code == 405
    forged = json.dumps({**before, "signed_by": "Someone else"}).encode()
    with pytest.raises(PreconditionFailed):
        reports_bucket().blob(f"{signed}/report.json").upload_from_string(forged, if_generation_match=0)
    assert frozen_report(world, signed) == before
    with pytest.raises(Conflict, match="was altered"):
        frozen.checked(signed, forged)
