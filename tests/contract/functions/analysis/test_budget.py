"""Over the day's budget no paid provider is asked: free ones look, else the reason stands where the result would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.contract.functions.pictures import METADATA, scene
from tests.contract.functions.vision_answers import fails, logo, seen
from tests.contract.functions.world import World

from pipeline.documents.control import quotas
from pipeline.documents.quota import use
from pipeline.documents.quota.spending import spending
from pipeline.domain import names
from pipeline.domain.model import Kind
from pipeline.domain.quotas import StreamQuota, day


def frame(world: World, stream: str, media_ms: int = 0) -> dict[str, Any]:
    """The push that announces a frame."""
    return world.put(names.frame_object(world.frame(stream, media_ms)), scene(), "image/jpeg", METADATA)


def limited(world: World, stream: str, limits: StreamQuota, **settings: Any) -> str:
    world.stream(stream, **settings)
    quotas.save_stream(stream, "main", limits)
    world.vision.says(seen(logo()))
    return stream


def errors(world: World, stream: str) -> list[str | None]:
    """The codes of the errors of the stream's frames, in order."""
    found = [one["analyses"]["logo"]["error"] for _, one in sorted(world.frames(stream).items())]
    return [error and error["code"] for error in found]


def paid(stream: str) -> tuple[int, float]:
    return use.paid(use.stream(stream), day(datetime.now(UTC)))


def test_frames_are_shown_until_the_money_is_used_up_and_the_events_are_done_then(world: World) -> None:
    stream = limited(world, "budget", StreamQuota(usd_day=0.0065))
    assert [world.deliver("detect", frame(world, stream, at)) for at in (0, 1_000, 2_000)] == [200, 200, 200]
    assert (len(world.vision.requests), errors(world, stream)) == (2, [None, None, "over-budget"])
    assert paid(stream) == (2, pytest.approx(0.006))
    said = world.frames(stream)[2_000]["analyses"]["logo"]["error"]["message"]
    assert said.startswith("stream 'budget' has used up its $0.0065 a day: a new day begins at ")


def test_a_redelivered_frame_is_counted_once_and_a_failed_call_not_at_all(world: World) -> None:
    stream = limited(world, "budget-again", StreamQuota(usd_day=0.0031))
    push = frame(world, stream)
    world.vision.says(fails(8, "later"), seen(logo()))
    assert world.deliver("detect", push) == 429
    assert paid(stream) == (0, 0)
    assert [world.deliver("detect", push), world.deliver("detect", push)] == [200, 200]
    assert paid(stream) == (1, pytest.approx(0.003))


def test_another_instance_s_spending_counts(world: World) -> None:
    stream = limited(world, "budget-shared", StreamQuota(usd_day=0.0031))
    world.deliver("detect", frame(world, stream))
    spending.forget()  # as another process begins
    world.deliver("detect", frame(world, stream, 1_000))
    assert errors(world, stream) == [None, "over-budget"]


def test_frames_have_a_limit_of_their_own(world: World) -> None:
    stream = limited(world, "budget-frames", StreamQuota(frames_day=1))
    for at in (0, 1_000):
        world.deliver("detect", frame(world, stream, at))
    assert errors(world, stream) == [None, "over-budget"]
    said = world.frames(stream)[1_000]["analyses"]["logo"]["error"]["message"]
    assert "has used up its 1 analysed frames a day" in said


def test_a_free_provider_of_the_list_looks_instead(world: World) -> None:
    stream = limited(
        world,
        "budget-free",
        StreamQuota(usd_day=0.0),
        kinds=(Kind.LOGO,),
        providers={Kind.LOGO: ("vision", "gallery")},
    )
    assert world.deliver("detect", frame(world, stream)) == 200
    analysis = world.frames(stream)[0]["analyses"]["logo"]
    assert (analysis["provider"], analysis["error"], world.vision.requests) == ("gallery", None, [])
    assert analysis["fallback_from"] == "vision"


def test_a_budget_that_is_raised_lets_the_next_frame_through(world: World) -> None:
    stream = limited(world, "budget-raised", StreamQuota(usd_day=0.0))
    world.deliver("detect", frame(world, stream))
    quotas.save_stream(stream, "main", StreamQuota(usd_day=1.0))
    world.deliver("detect", frame(world, stream, 1_000))
    assert errors(world, stream) == ["over-budget", None]
