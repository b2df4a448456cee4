"""The CLIP service is kept warm while a stream that prefers it is live, and let go after the last."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.functions.servers import serving
from tests.contract.functions.world import World
from tests.servers import free_port

from emulator.run_admin.registered import ServiceSpec, register
from pipeline import clients
from pipeline.detectors.settings import detection
from pipeline.housekeeping import clip
from pipeline.model import AnalysisSettings, Kind, Stream, StreamState
from pipeline.store import config, streams

NAME = "projects/test-project/locations/europe-west1/services/clip"


@pytest.fixture(scope="module")
def run_admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("run"), free_port()
    register(folder / "jobs", ServiceSpec(NAME, "http://127.0.0.1:1", "image"))
    command = [sys.executable, "-m", "emulator.run_admin", "--port", str(port), "--jobs", str(folder / "jobs")]
    with serving([*command, "--logs", str(folder / "logs")], port, Path(folder / "log")):
        yield f"127.0.0.1:{port}"


@pytest.fixture
def least(world: World, run_admin: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No stream of another test is live."""
    monkeypatch.setenv("RUN_EMULATOR_HOST", run_admin)
    monkeypatch.setenv("CLIP_SERVICE", NAME)
    monkeypatch.setenv("CLIP_URL", "https://clip.example")
    caches = (clip.warm, detection, clients.services_client)
    for cache in caches:
        cache.cache_clear()
    config.forget()
    for stream in streams.active():
        streams.set_state(stream.id, StreamState.ENDED)
    yield
    for cache in caches:
        cache.cache_clear()


def instances() -> int:
    return clients.services_client().get_service(name=NAME).scaling.min_instance_count


def live(settings: AnalysisSettings) -> str:
    stream = f"warm-{uuid.uuid4().hex[:8]}"
    now = datetime.now(UTC)
    streams.create(Stream(stream, "Warm", StreamState.LIVE, settings=settings, last_segment_at=now), "key")
    return stream


CLIP = AnalysisSettings(kinds=(Kind.LOGO,), providers={Kind.LOGO: ("clip", "gallery")})


@pytest.mark.usefixtures("least")
def test_it_is_warm_from_the_first_stream_to_the_last() -> None:
    now = datetime.now(UTC)
    assert (clip.sweep(now), instances()) == (0, 0)
    first, second = live(CLIP), live(CLIP)
    assert (clip.sweep(now), instances()) == (1, 1)
    assert clip.sweep(now) == 0  # again changes nothing
    streams.set_state(first, StreamState.ENDED)
    streams.set_state(second, StreamState.RECONNECTING)
    assert (clip.sweep(now), instances()) == (0, 1)
    streams.set_state(second, StreamState.ENDED)
    assert (clip.sweep(now), instances()) == (1, 0)


@pytest.mark.usefixtures("least")
def test_a_stream_that_sends_nothing_any_more_keeps_no_gpu() -> None:
    live(CLIP)
    now = datetime.now(UTC)
    assert (clip.sweep(now), instances()) == (1, 1)
    assert (clip.sweep(now + timedelta(minutes=6)), instances()) == (1, 0)


@pytest.mark.usefixtures("least")
def test_streams_that_prefer_another_or_do_not_look_for_logos_need_none() -> None:
    live(AnalysisSettings(kinds=(Kind.LOGO,), providers={Kind.LOGO: ("gallery", "clip")}))
    live(AnalysisSettings(kinds=(Kind.TEXT,), providers={Kind.LOGO: ("clip",)}))
    assert (clip.sweep(datetime.now(UTC)), instances()) == (0, 0)


def test_without_a_service_there_is_nothing_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIP_SERVICE", raising=False)
    clip.warm.cache_clear()
    assert clip.sweep(datetime.now(UTC)) == 0
    clip.warm.cache_clear()
