"""What was given up on is kept once, with its reason, and goes to its topic again as it was."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from google.cloud import pubsub_v1
from tests.contract.functions.servers import serving
from tests.contract.functions.world import World
from tests.servers import free_port

from emulator.emulators.google_emulators import pubsub as pubsub_command
from pipeline.cloud import clients
from pipeline.documents import dead_letters as store
from pipeline.domain.errors import Unavailable
from pipeline.maintenance import dead_letters

PROJECT = "test-project"
TOPIC = f"projects/{PROJECT}/topics/dev-segments"
ADMIN = {"Authorization": "Bearer admin-key-for-tests"}


@pytest.fixture(scope="module")
def pubsub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder, port = tmp_path_factory.mktemp("pubsub"), free_port()
    command, _ = pubsub_command(port, folder, print)
    with serving(command, port, folder / "log"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{port}")
        clients.publisher_client.cache_clear()
        yield
    clients.publisher_client.cache_clear()


@pytest.fixture
def refused(world: World, request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """A segment that is no video, delivered twice, then given up on; the push of its event."""
    stream = world.stream("dead-" + request.node.name.replace("_", "-")[5:40].strip("-"))
    push = world.put_segment(stream, 0, b"no video")
    assert [deliver(world, "sample", TOPIC, push) for _ in range(2)] == [422, 422]
    assert deliver(world, "bury", f"{TOPIC}-dead", forwarded(push)) == 200
    return push


def deliver(world: World, target: str, topic: str, push: Mapping[str, Any]) -> int:
    return world.apps[target].test_client().post(f"/{topic}", json=push).status_code


def forwarded(push: Mapping[str, Any], times: int | None = None) -> dict[str, Any]:
    """The message as Pub/Sub forwards it: another id, and what became of it in further attributes."""
    message = push["message"]
    told = {"CloudPubSubDeadLetterSourceSubscription": "dev-sample"}
    if times is not None:
        told["CloudPubSubDeadLetterSourceDeliveryCount"] = str(times)
    return {**push, "message": {**message, "messageId": "999", "attributes": {**message["attributes"], **told}}}


def listed(world: World, push: Mapping[str, Any]) -> list[dict[str, Any]]:
    response = world.api().get("/dead-letters?limit=1000", headers=ADMIN)
    object = push["message"]["attributes"]["objectId"]
    return [one for one in response.get_json()["dead_letters"] if one["object"] == object]


def test_a_letter_names_its_object_and_the_reason_of_the_last_refusal(world: World, refused: Mapping[str, Any]) -> None:
    [letter] = listed(world, refused)
    assert (letter["topic"], letter["error"], letter["attempts"]) == ("dev-segments", "Poison", 2)
    assert "MPEG-TS" in letter["reason"]
    assert (letter["retries"], letter["retried_at"]) == (0, None)


def test_a_message_that_is_given_up_on_twice_is_one_letter(world: World, refused: Mapping[str, Any]) -> None:
    deliver(world, "bury", f"{TOPIC}-dead", forwarded(refused, 5))
    [letter] = listed(world, refused)
    assert letter["attempts"] == 5, "Pub/Sub's own count, where it says one"


def test_what_is_refused_and_not_given_up_on_is_no_dead_letter(world: World) -> None:
    push = world.put_segment(world.stream("dead-not-yet"), 0, b"no video")
    assert deliver(world, "sample", TOPIC, push) == 422
    assert listed(world, push) == []


def test_a_letter_of_a_handler_that_said_nothing_has_no_reason(world: World) -> None:
    push = world.put_segment(world.stream("dead-silent"), 0, b"no video")
    deliver(world, "bury", f"{TOPIC}-dead", forwarded(push))
    [letter] = listed(world, push)
    assert (letter["error"], letter["reason"], letter["attempts"]) == (None, None, None)


def test_one_that_is_no_storage_notification_is_kept_too(world: World) -> None:
    message = {"messageId": "7", "data": base64.b64encode(b"hello").decode(), "attributes": {}}
    push = {"subscription": "projects/p/subscriptions/s", "message": message}
    assert deliver(world, "bury", f"{TOPIC}-dead", push) == 200
    found = world.api().get("/dead-letters?limit=1000", headers=ADMIN).get_json()
    assert [one for one in found["dead_letters"] if one["object"] == ""]


@pytest.mark.usefixtures("pubsub")
def test_a_letter_is_published_again_as_it_was_and_is_no_letter_any_more(
    world: World, refused: Mapping[str, Any]
) -> None:
    subscriber, subscription = pubsub_v1.SubscriberClient(), f"projects/{PROJECT}/subscriptions/again"
    pubsub_v1.PublisherClient().create_topic(name=TOPIC)
    subscriber.create_subscription(name=subscription, topic=TOPIC)
    [letter] = listed(world, refused)
    api = world.api()
    assert api.post(f"/dead-letters/{letter['id']}/retry", headers=ADMIN).status_code == 202
    [received] = subscriber.pull(subscription=subscription, max_messages=5, timeout=20).received_messages
    message = refused["message"]
    assert dict(received.message.attributes) == message["attributes"]
    assert base64.b64encode(received.message.data).decode() == message["data"]
    assert listed(world, refused) == []
    assert api.post(f"/dead-letters/{letter['id']}/retry", headers=ADMIN).status_code == 404

    deliver(world, "bury", f"{TOPIC}-dead", forwarded(refused))
    [back] = listed(world, refused)
    assert (back["id"], back["retries"]) == (letter["id"], 1), "it comes back under its own name"


def test_a_letter_stays_where_pubsub_does_not_answer(
    world: World, refused: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise Unavailable("Pub/Sub did not answer")

    monkeypatch.setattr(dead_letters, "send_again", away)
    [letter] = listed(world, refused)
    answer = world.api().post(f"/dead-letters/{letter['id']}/retry", headers=ADMIN)
    assert answer.status_code == 503
    assert listed(world, refused) == [letter]


def buried(world: World, topic: str, number: int, error: str | None = None) -> str:
    """A letter of `topic`, as `bury` keeps it; its id."""
    letter = f"{topic}-{number:024x}"
    path = f"projects/{PROJECT}/topics/{topic}"
    if error:
        store.note_refusal(letter, f"object-{number}", error, "why")
    store.bury(letter, topic=path, object=f"object-{number}", attributes={}, data="", deliveries=5)
    return letter


def test_many_are_sent_again_by_topic_and_error_the_oldest_first_and_what_is_left_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = "bulk-frames"
    ids = [buried(world, topic, n, "QuotaExceeded") for n in range(103)]
    buried(world, topic, 200, "Poison")
    buried(world, "bulk-segments", 201, "QuotaExceeded")
    sent: list[str] = []

    def send(letter: store.Letter) -> None:
        sent.append(letter.id)

    monkeypatch.setattr(dead_letters, "send_again", send)
    wanted = {"topic": topic, "error": "QuotaExceeded"}
    first = world.api().post("/dead-letters/retry", headers=ADMIN, json=wanted)
    assert (first.status_code, first.get_json()) == (202, {"sent": 100, "left": 3})
    assert sent == ids[:100]
    second = world.api().post("/dead-letters/retry", headers=ADMIN, json=wanted)
    assert second.get_json() == {"sent": 3, "left": 0}
    assert world.api().post("/dead-letters/retry", headers=ADMIN, json=wanted).get_json() == {"sent": 0, "left": 0}
    assert sent == ids
    rest = world.api().post("/dead-letters/retry", headers=ADMIN, json={"topic": topic}).get_json()
    assert rest == {"sent": 1, "left": 0}


def test_of_many_those_that_were_sent_before_pubsub_went_away_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = "bulk-away"
    for n in range(3):
        buried(world, topic, n)
    sent: list[str] = []

    def send(letter: store.Letter) -> None:
        if len(sent) == 2:
            raise Unavailable("Pub/Sub did not answer")
        sent.append(letter.id)

    monkeypatch.setattr(dead_letters, "send_again", send)
    answer = world.api().post("/dead-letters/retry", headers=ADMIN, json={"topic": topic})
    assert (answer.status_code, answer.get_json()) == (202, {"sent": 2, "left": 1})
    assert world.api().post("/dead-letters/retry", headers=ADMIN, json={"topic": topic}).status_code == 503


@pytest.mark.parametrize("asked", [{"topic": 7}, {"error": ""}, {"reason": "x"}])
def test_a_filter_that_is_none_sends_nothing(world: World, asked: dict[str, object]) -> None:
    assert world.api().post("/dead-letters/retry", headers=ADMIN, json=asked).status_code == 400


def test_a_letter_can_be_given_up_for_good(world: World, refused: Mapping[str, Any]) -> None:
    [letter] = listed(world, refused)
    api = world.api()
    assert api.delete(f"/dead-letters/{letter['id']}", headers=ADMIN).status_code == 204
    assert listed(world, refused) == []


def test_a_reason_that_cannot_be_noted_changes_nothing_of_the_refusal(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("no database")

    monkeypatch.setattr("pipeline.documents.dead_letters.note_refusal", away)
    push = world.put_segment(world.stream("dead-no-note"), 0, b"no video")
    assert deliver(world, "sample", TOPIC, push) == 422
    assert "the reason could not be noted: no database" in caplog.text


def test_only_operators_see_and_touch_them(world: World, refused: Mapping[str, Any]) -> None:
    [letter] = listed(world, refused)
    api = world.api()
    for method, path in (("GET", ""), ("POST", f"/{letter['id']}/retry"), ("DELETE", f"/{letter['id']}")):
        assert api.open(f"/dead-letters{path}", method=method).status_code == 401
    assert listed(world, refused) == [letter]
