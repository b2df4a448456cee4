"""The CLIP service is called each minute while a stream that prefers it is live, and no longer after the last."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.functions.clip_double import ClipDouble, clip_double
from tests.contract.functions.world import World

from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, streams
from pipeline.domain.errors import Unavailable
from pipeline.domain.model import AnalysisSettings, Kind, Stream, StreamState
from pipeline.maintenance import clip


@pytest.fixture
def service(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClipDouble]:
    """No stream of another test is live."""
    with clip_double() as double:
        monkeypatch.setenv("CLIP_URL", double.place)
        detection.cache_clear()
        analysis_config.forget()
        for stream in streams.active():
            streams.set_state(stream.id, StreamState.ENDED)
        yield double
    detection.cache_clear()


def live(settings: AnalysisSettings) -> str:
    stream = f"warm-{uuid.uuid4().hex[:8]}"
    now = datetime.now(UTC)
    streams.create(Stream(stream, "Warm", StreamState.LIVE, settings=settings, last_segment_at=now), "key")
    return stream


CLIP = AnalysisSettings(kinds=(Kind.LOGO,), providers={Kind.LOGO: ("clip", "gallery")})


def test_it_is_warm_from_the_first_stream_to_the_last(service: ClipDouble) -> None:
    now = datetime.now(UTC)
    assert (clip.sweep(now), service.got) == (0, [])
    first, second = live(CLIP), live(CLIP)
    assert (clip.sweep(now), service.got) == (1, ["/health"])
    assert (clip.sweep(now), service.got) == (1, ["/health"] * 2), "each minute, or Cloud Run lets it go"
    streams.set_state(first, StreamState.ENDED)
    streams.set_state(second, StreamState.RECONNECTING)
    assert (clip.sweep(now), service.got) == (1, ["/health"] * 3)
    streams.set_state(second, StreamState.ENDED)
    assert (clip.sweep(now), service.got) == (0, ["/health"] * 3)


def test_a_stream_that_sends_nothing_any_more_keeps_no_gpu(service: ClipDouble) -> None:
    live(CLIP)
    now = datetime.now(UTC)
    assert (clip.sweep(now), service.got) == (1, ["/health"])
    assert (clip.sweep(now + timedelta(minutes=6)), service.got) == (0, ["/health"])


def test_streams_that_prefer_another_or_do_not_look_for_logos_need_none(service: ClipDouble) -> None:
    live(AnalysisSettings(kinds=(Kind.LOGO,), providers={Kind.LOGO: ("gallery", "clip")}))
    live(AnalysisSettings(kinds=(Kind.TEXT,), providers={Kind.LOGO: ("clip",)}))
    assert (clip.sweep(datetime.now(UTC)), service.got) == (0, [])


def test_an_instance_that_is_still_starting_is_no_failure(service: ClipDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "_ANSWER_SECONDS", 0.05)
    service.held.clear()
    live(CLIP)
    assert clip.sweep(datetime.now(UTC)) == 1


def test_a_service_that_refuses_is_said(service: ClipDouble) -> None:
    live(CLIP)
    service.status = 503
    with pytest.raises(Unavailable, match="the CLIP service answered 503"):
        clip.sweep(datetime.now(UTC))


def test_it_is_called_with_an_identity_token(service: ClipDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    def headers(place: str) -> dict[str, str]:
        return {"Authorization": f"Bearer token for {place}"}

    monkeypatch.setattr(clip, "headers", headers)
    live(CLIP)
    clip.sweep(datetime.now(UTC))
    assert service.authorization == [f"Bearer token for {service.place}"]


def test_without_a_service_there_is_nothing_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIP_URL", raising=False)
    detection.cache_clear()
    live(CLIP)
    assert clip.sweep(datetime.now(UTC)) == 0
    detection.cache_clear()
