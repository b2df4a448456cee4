"""Brands over the API: what is stored, what is refused, and what a running `detect` makes of it."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import cv2
import numpy as np
import pytest
from tests.contract.functions.asking import call
from tests.contract.functions.detectors_called import mark
from tests.contract.functions.world import World

from pipeline.documents import analysis_config, brands
from pipeline.documents.references import picture
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import Brand
from pipeline.domain.settings import own_tenant


@pytest.fixture
def brand(world: World, request: pytest.FixtureRequest) -> str:
    name = request.node.name.partition("[")[0].removeprefix("test_").replace("_", "-")[:60].strip("-")
    call(world, "DELETE", f"/brands/{name}")
    assert call(world, "POST", "/brands", {"id": name, "name": "Acme"}).status_code == 201
    return name


def png(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims such a size; small, whatever it claims."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


RANDOM = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)


def test_a_mark_is_an_object_named_by_its_contents_and_twice_is_once(world: World, brand: str) -> None:
    path = f"/brands/{brand}/references"
    first, second = (call(world, "POST", path, data=mark()).get_json() for _ in range(2))
    assert first == second
    assert first["brand"]["references"] == [first["reference"]]
    [(name, blob)] = world.stored(names.reference_object(brand, "")).items()
    assert (name, blob.content_type, blob.download_as_bytes()) == (first["reference"], "image/png", mark())


def test_a_brand_has_so_many_marks_however_many_come_at_once(world: World, brand: str) -> None:
    def add(number: int) -> bool:
        try:
            brands.add_reference(brand, f"brands/{brand}/{number}.png", 5, noted=False)
        except BadRequest:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(add, range(8)))
    assert (sum(taken), len(brands.get(brand).references)) == (5, 5)


def test_names_that_differ_in_signs_are_other_brands_and_the_same_name_is_refused(world: World) -> None:
    made = [call(world, "POST", "/brands", {"name": name}) for name in ("Sigma", "Sigma+", "\u4efb\u5929\u5802")]
    assert [one.status_code for one in made] == [201] * 3
    assert [one.get_json()["brand"]["id"] for one in made[:2]] == ["sigma", "sigma-2"]
    for again in ("sigma", " Sigma ", "\u4efb\u5929\u5802"):
        refused = call(world, "POST", "/brands", {"name": again})
        assert refused.status_code == 409
        assert "choose another name" in refused.get_json()["detail"]


@pytest.mark.parametrize("ending", [".jpg", ".webp"])
def test_photographs_are_marks_too(world: World, brand: str, ending: str) -> None:
    data = cv2.imencode(ending, RANDOM)[1].tobytes()
    assert call(world, "POST", f"/brands/{brand}/references", data=data).status_code == 201


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"", 400, "empty"),
        (b"GIF89a" + b"\0" * 100, 415, "PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "PNG, JPEG or WebP"),
        (mark()[:60], 400, "damaged"),
        (mark(8), 400, "8x8"),
        (cv2.imencode(".png", np.full((64, 64, 3), 9, np.uint8))[1].tobytes(), 400, "one colour"),
        (cv2.imencode(".png", np.full((64, 64), 900, np.uint16))[1].tobytes(), 400, "16 bits"),
        (cv2.imencode(".png", np.dstack([RANDOM, np.zeros((64, 64), np.uint8)]))[1].tobytes(), 400, "transparent"),
        (png(60_000, 60_000), 400, "million pixels"),
        (b"\x89PNG" + b"\0" * (8 << 20), 400, "8 MiB"),
    ],
    ids=["empty", "gif", "svg", "damaged", "small", "blank", "16-bit", "transparent", "bomb", "large"],
)
def test_what_is_no_mark_is_refused_with_the_reason(
    world: World, brand: str, data: bytes, status: int, reason: str
) -> None:
    response = call(world, "POST", f"/brands/{brand}/references", data=data)
    assert response.status_code == status
    assert reason in response.get_json(force=True)["detail"]
    assert brands.get(brand).references == ()
    assert world.stored(names.reference_object(brand, "")) == {}


def test_of_many_pictures_at_once_one_is_in_memory(world: World, brand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, decode, counting = 0, 0, picture.decode, Lock()

    def watched(data: bytes) -> Any:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        try:
            return decode(data)
        finally:
            with counting:
                inside -= 1

    monkeypatch.setattr(picture, "decode", watched)
    with ThreadPoolExecutor(8) as pool:
        sent = pool.map(lambda side: call(world, "POST", f"/brands/{brand}/references", data=mark(side)), range(64, 72))
        assert [one.status_code for one in sent] == [201] * 8
    assert most == 1


def test_a_picture_that_gets_no_turn_is_told_to_come_again(
    world: World, brand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "_WAIT_SECONDS", 0.0)
    with picture.alone():
        refused = call(world, "POST", f"/brands/{brand}/references", data=mark())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert "too many pictures at once" in refused.get_json(force=True)["detail"]
    assert call(world, "POST", f"/brands/{brand}/references", data=mark()).status_code == 201


def test_a_tenant_has_so_many_brands_and_another_its_own(
    world: World, brand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, foreign = brands.list_all(1000, tenant=own_tenant()), Brand("of-another", "Acme", tenant="another")
    monkeypatch.setattr(brands, "_MOST", len(own))
    refused = call(world, "POST", "/brands", {"name": "One too many"})
    assert refused.status_code == 400
    assert f"this tenant has {len(own)} brands" in refused.get_json(force=True)["detail"]
    brands.delete(foreign.id)  # of an earlier run
    assert brands.create(foreign).id == foreign.id
    assert call(world, "DELETE", f"/brands/{brand}").status_code == 204
    assert call(world, "POST", "/brands", {"id": brand, "name": "Acme"}).status_code == 201


def test_a_mark_and_a_brand_go_with_their_objects(world: World, brand: str) -> None:
    path = f"/brands/{brand}/references"
    name = call(world, "POST", path, data=mark()).get_json()["reference"]
    call(world, "POST", path, data=mark(80))
    left = call(world, "DELETE", f"/{name.replace(brand + '/', brand + '/references/')}").get_json()["brand"][
        "references"
    ]
    assert list(world.stored(names.reference_object(brand, ""))) == left
    assert call(world, "DELETE", f"/brands/{brand}").status_code == 204
    assert world.stored(names.reference_object(brand, "")) == {}
    assert call(world, "GET", f"/brands/{brand}").status_code == 404


def test_a_change_replaces_what_it_names_and_is_seen_by_whoever_runs(world: World, brand: str) -> None:
    stream = world.stream("brands-seen")
    before = analysis_config.of(stream)
    assert brand in {one.id for one in analysis_config.brands(before)}
    changed = call(world, "PATCH", f"/brands/{brand}", {"enabled": False, "aliases": ["A", "A "]}).get_json()["brand"]
    assert (changed["name"], changed["aliases"], changed["enabled"]) == ("Acme", ["A"], False)
    analysis_config.refresh()
    after = analysis_config.of(stream)
    assert after.revision != before.revision
    assert brand not in {one.id for one in analysis_config.brands(after)}


def test_of_many_changes_in_a_row_one_is_noted_and_all_are_seen_with_it(world: World) -> None:
    stream, ids = world.stream("brands-in-a-row"), [f"row-{index}" for index in range(3)]
    for one in ids:
        call(world, "DELETE", f"/brands/{one}")
    before = analysis_config.of(stream)
    analysis_config.brands(before)
    for one in ids:
        assert call(world, "POST", "/brands?notice=later", {"id": one, "name": one}).status_code == 201
        assert call(world, "POST", f"/brands/{one}/references?notice=later", data=mark()).status_code == 201
    analysis_config.refresh()
    assert analysis_config.of(stream) == before
    call(world, "POST", f"/brands/{ids[-1]}/references?notice=now", data=mark())
    analysis_config.refresh()
    after = analysis_config.of(stream)
    assert after.revision != before.revision
    assert {one.id for one in analysis_config.brands(after) if one.references} >= set(ids)


def test_a_notice_that_is_neither_now_nor_later_is_refused(world: World, brand: str) -> None:
    for path, body in (("/brands", {"name": "A"}), (f"/brands/{brand}/references", None)):
        response = call(world, "POST", f"{path}?notice=never", body)
        assert response.status_code == 400
        assert "'notice' must be now or later" in response.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": ""}, "'name'"),
        ({"aliases": "A"}, "'aliases'"),
        ({"aliases": [""]}, "'aliases'"),
        ({"prompts": ["p"] * 51}, "'prompts'"),
        ({"threshold": 2}, "'threshold'"),
        ({"enabled": "yes"}, "'enabled'"),
        ({"references": ["brands/other/mark.png"]}, "'references'"),
    ],
)
def test_what_is_wrong_of_a_brand_is_named(world: World, brand: str, body: Any, named: str) -> None:
    response = call(world, "PATCH", f"/brands/{brand}", body)
    assert response.status_code == 400
    assert named in response.get_json(force=True)["detail"]


def test_brands_are_listed_in_pages(world: World) -> None:
    for index in range(3):
        call(world, "POST", "/brands", {"id": f"page-{index}", "name": f"P{index}"})
    found: list[str] = []
    after = "page"
    while after is not None:
        page = call(world, "GET", f"/brands?limit=2&after={after}").get_json()
        found += [one["id"] for one in page["brands"]]
        after = page["next"]
    assert [one for one in found if one.startswith("page-")] == ["page-0", "page-1", "page-2"]


def test_configuration_is_kept_merged_and_no_brand_is_lost_by_it(world: World) -> None:
    path = "/config/analysis"
    call(world, "PATCH", path, {"threshold": {"logo": 0.6}, "places": {"clip": "http://10.0.0.5:8080"}})
    call(world, "PATCH", path, {"threshold": {"text": 0.4}, "places": None})
    held = call(world, "GET", path).get_json()["config"]
    assert (held["threshold"], held["places"]) == ({"logo": 0.6, "text": 0.4}, {})
    assert call(world, "PATCH", path, {"threshold": None}).get_json()["config"]["threshold"] == {}


def test_a_provider_that_never_worked_is_listed_with_what_it_can_do(world: World) -> None:
    world.db.document("providers/gallery").delete()
    [gallery] = [one for one in call(world, "GET", "/providers").get_json()["providers"] if one["name"] == "gallery"]
    assert (gallery["kinds"], gallery["state"], gallery["place"]) == (["logo"], None, None)
