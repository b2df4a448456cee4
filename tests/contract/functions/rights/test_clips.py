"""Clips over the API: what is asked for, links to one, and what housekeeping does about lost ones."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.asking import KEY
from tests.contract.functions.world import SESSION, STARTED, World

from pipeline.documents import clips, streams
from pipeline.domain.clips import ClipState
from pipeline.domain.model import Stream
from pipeline.domain.people import Visibility
from pipeline.jobs import executions
from pipeline.maintenance import cutting

EXECUTION = "projects/test-project/locations/europe-west1/jobs/cutter/executions/cutter-1"


@dataclass
class Asking:
    """Asks about a stream of its own. `runs` are the arguments of executions that were started."""

    world: World
    stream: str
    runs: list[list[str]] = field(default_factory=list[list[str]])

    def __call__(self, method: str, tail: str, body: Any = None, headers: Mapping[str, str] = KEY) -> Any:
        return self.world.api().open(f"/streams/{self.stream}{tail}", method=method, json=body, headers=headers)


@pytest.fixture
def ask(world: World, monkeypatch: pytest.MonkeyPatch) -> Asking:
    asking = Asking(world, f"clips-{secrets.token_hex(4)}")
    made = Stream(asking.stream, "Clips", created=STARTED, tenant="main", visibility=Visibility.PRIVATE)
    streams.create(made, "key")
    streams.update_session(asking.stream, SESSION, started=STARTED, media_seconds=60.0)

    def run(_job: str, arguments: list[str]) -> str:
        asking.runs.append(list(arguments))
        return EXECUTION

    monkeypatch.setattr(executions, "run", run)
    return asking


def test_the_same_asked_twice_is_one_clip_and_one_that_failed_is_tried_again(ask: Asking) -> None:
    wanted = {"from": 1, "to": 2.5, "before": 1}
    first, second = (ask("POST", f"/sessions/{SESSION}/clips", wanted) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    clip = first.get_json()["clip"]["id"]
    assert ask.runs == [["--stream", ask.stream, "--clip", clip]]
    assert ask("POST", f"/sessions/{SESSION}/clips", wanted | {"boxes": True}).get_json()["clip"]["id"] != clip
    clips.change(ask.stream, clip, state=ClipState.ERROR.value, runner="cutter-1")
    assert ask("POST", f"/sessions/{SESSION}/clips", wanted).status_code == 202
    assert clips.claim(ask.stream, clip, "cutter-2") is not None
    assert clips.claim(ask.stream, clip, "cutter-3") is None
    assert [one["id"] for one in ask("GET", "/clips?limit=1").get_json()["clips"]] != []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "give one of"),
        ({"from": 1}, "both 'from' and 'to'"),
        ({"from": 2, "to": 2}, "later than"),
        ({"from": 1, "to": 2, "label": "Nike"}, "give one of"),
        ({"label": "Nike", "before": 61}, "seconds from 0 to 60"),
        ({"appearance": "1"}, "id of an appearance"),
    ],
)
def test_what_is_no_one_thing_is_refused_in_words(ask: Asking, wanted: dict[str, Any], said: str) -> None:
    answer = ask("POST", f"/sessions/{SESSION}/clips", wanted)
    assert answer.status_code == 400
    assert said in answer.get_json()["detail"]


def test_a_link_to_a_clip_opens_that_clip_and_nothing_else(world: World, ask: Asking) -> None:
    clip = ask("POST", f"/sessions/{SESSION}/clips", {"label": "Nike"}).get_json()["clip"]["id"]
    until = {"until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    operator = people.signed_in(people.member("operator", name="clips-operator"))
    assert ask("POST", f"/clips/{clip}/shares", until, operator).status_code == 409, "it is not done yet"
    name = f"clips/{ask.stream}/{SESSION}/{clip}.mp4"
    clips.change(ask.stream, clip, state=ClipState.DONE.value, object=name)
    made = ask("POST", f"/clips/{clip}/shares", until, operator)
    assert made.status_code == 201
    url, share = made.get_json()["url"], made.get_json()["share"]["id"]
    front = world.front.test_client()
    assert front.get(url).status_code == 302
    for other in (f"clips/{ask.stream}/{SESSION}/{'0' * 24}.mp4", f"segments/{ask.stream}/{SESSION}/00000000.ts"):
        assert front.get(url.replace(name, other)).status_code == 403
    assert ask("DELETE", f"/shares/{share}", headers=operator).status_code == 204
    assert front.get(url).status_code == 403


def test_a_deleted_clip_is_gone_with_its_object(world: World, ask: Asking) -> None:
    clip = ask("POST", f"/sessions/{SESSION}/clips", {"at": 3}).get_json()["clip"]["id"]
    name = f"clips/{ask.stream}/{SESSION}/{clip}.jpg"
    world.bucket.blob(name).upload_from_string(b"picture")
    assert ask("DELETE", f"/clips/{clip}").status_code == 204
    assert not world.bucket.blob(name).exists()
    assert ask("GET", f"/clips/{clip}").status_code == 404


def test_housekeeping_starts_what_was_missed_and_ends_what_was_given_up(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = ask("POST", f"/sessions/{SESSION}/clips", {"at": 4}).get_json()["clip"]["id"]
    later = datetime.now(UTC) + timedelta(minutes=3)
    monkeypatch.setattr(executions, "find", lambda *_: None)
    monkeypatch.setattr(executions, "outcome", lambda _: None)
    clips.change(ask.stream, clip, execution=None)
    cutting.sweep(later)
    assert clips.get(ask.stream, clip).execution == EXECUTION
    cutting.sweep(later)
    assert clips.get(ask.stream, clip).state is ClipState.WAITING, "its execution runs"
    monkeypatch.setattr(executions, "outcome", lambda _: "it was killed")
    cutting.sweep(later)
    found = clips.get(ask.stream, clip)
    assert (found.state, found.error and found.error.code) == (ClipState.ERROR, "broke-off")
