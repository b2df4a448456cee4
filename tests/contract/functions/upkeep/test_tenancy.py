"""Documents of releases without tenants belong to the deployment's own tenant, and are private."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.contract.functions.world import World

from pipeline.maintenance import tenancy

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def test_older_streams_and_brands_are_adopted_once_and_others_stay_as_they_are(world: World) -> None:
    world.db.document("streams/adopted").set({"name": "Old", "state": "idle"})
    world.db.document("brands/adopted").set({"name": "Old"})
    theirs = {"tenant": "other", "visibility": "public", "viewers": ["m1"]}
    world.db.document("streams/not-adopted").set(theirs)
    tenancy.forget()
    assert tenancy.sweep(NOW) >= 2
    assert tenancy.sweep(NOW) == 0
    old = world.db.document("streams/adopted").get().to_dict() or {}
    assert (old["tenant"], old["visibility"], old["viewers"]) == ("main", "private", [])
    assert (world.db.document("brands/adopted").get().to_dict() or {})["tenant"] == "main"
    assert world.db.document("streams/not-adopted").get().to_dict() == theirs
    for path in ("streams/adopted", "streams/not-adopted", "brands/adopted"):
        world.db.document(path).delete()
