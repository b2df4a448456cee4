"""What infra/ declares of buckets and grants, brought up on the emulator: what each one may do there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google.api_core.exceptions import Forbidden
from google.cloud import storage
from tests.contract.gcs.callers import client_of, hmac_url
from tests.contract.gcs.emulators import Emulator, running
from tests.unit.emulator.stack.recorder import context_of
from tests.unit.infra.declared import declare

from emulator.accounts import OWNER
from emulator.declaration.graph import Graph
from emulator.declaration.realise import storage as realised

PROJECT = "acme-video"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    for name in ("index.html", "favicon.svg", "assets/index-1a2b.js", "assets/index-1a2b.css"):
        (folder / name).write_text(name)
    return declare(folder)


@pytest.fixture(scope="module")
def declared(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running("--memory", "--project", PROJECT, "--owner", OWNER) as started:
        run: Path = tmp_path_factory.mktemp("run")
        context = context_of(started.url.removeprefix("http://"), run, *graph.resources.values())
        realised.buckets(context)
        realised.policies(context)
        realised.hmac_keys(context)
        yield started


def bucket(declared: Emulator, graph: Graph, name: str, account: str = "") -> Any:
    found = graph.named("gcp:storage/bucket:Bucket", name)
    email = f"dev-{account}@{PROJECT}.iam.gserviceaccount.com" if account else OWNER
    return client_of(declared, email).bucket(found.outputs["name"])


def test_an_unsigned_get_of_any_object_is_refused(declared: Emulator, graph: Graph) -> None:
    buckets = graph.of("gcp:storage/bucket:Bucket")
    assert {each.inputs["publicAccessPrevention"] for each in buckets} == {"enforced"}
    for each in buckets:
        bucket(declared, graph, each.name).blob("a").upload_from_string(b"x")
        url = f"{declared.url}/{each.outputs['name']}/a"
        assert requests.get(url, timeout=60).status_code == 403
        assert requests.get(f"{declared.url}/storage/v1/b/{each.outputs['name']}/o", timeout=60).status_code == 401


def test_sample_reads_segments_and_writes_frames_once(declared: Emulator, graph: Graph) -> None:
    bucket(declared, graph, "media").blob("segments/s/1/00000000.ts").upload_from_string(b"segment")
    media: storage.Bucket = bucket(declared, graph, "media", "sample")
    assert media.blob("segments/s/1/00000000.ts").download_as_bytes() == b"segment"
    media.blob("frames/s/1/0.jpg").upload_from_string(b"frame", if_generation_match=0)
    with pytest.raises(Forbidden, match=r"storage\.objects\.delete"):
        media.blob("frames/s/1/0.jpg").upload_from_string(b"other", if_generation_match=0)
    with pytest.raises(Forbidden):
        media.blob("segments/s/1/00000000.ts").delete()


def test_an_address_that_front_signs_is_read_without_more(declared: Emulator, graph: Graph) -> None:
    bucket(declared, graph, "media").blob("segments/s/3/0.ts").upload_from_string(b"segment")
    [key] = graph.of("gcp:storage/hmacKey:HmacKey")
    path = f"/{graph.named('gcp:storage/bucket:Bucket', 'media').outputs['name']}/segments/s/3/0.ts"
    url = hmac_url(declared.url, path, key.outputs["accessId"], key.outputs["secret"])
    assert requests.get(url, timeout=60).content == b"segment"
    assert requests.get(f"{declared.url}{path}", timeout=60).status_code == 403


def test_detect_only_reads(declared: Emulator, graph: Graph) -> None:
    bucket(declared, graph, "media").blob("frames/s/2/0.jpg").upload_from_string(b"frame")
    media: storage.Bucket = bucket(declared, graph, "media", "detect")
    assert media.blob("frames/s/2/0.jpg").download_as_bytes() == b"frame"
    with pytest.raises(Forbidden):
        media.blob("frames/s/2/1.jpg").upload_from_string(b"frame")
    with pytest.raises(Forbidden):
        list(bucket(declared, graph, "uploads", "detect").list_blobs())


def test_a_workload_that_needs_no_object_gets_none(declared: Emulator, graph: Graph) -> None:
    with pytest.raises(Forbidden):
        list(bucket(declared, graph, "media", "bury").list_blobs())
