"""Which index a query needs: the examples of Google's documentation, and our own declaration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore import FieldFilter, Or, Query
from google.protobuf.json_format import MessageToDict

from emulator.emulators.firestore.indexes import ASCENDING, CONTAINS, DESCENDING, Declared, Field, Index, needed

DOWN = Query.DESCENDING
db = firestore.Client(project="p", credentials=AnonymousCredentials())
cities = db.collection("cities").limit(100)


def asked(query: Any, *summed: str) -> tuple[Index, ...]:
    added = [{"count": {}}, *({"sum": {"field": {"fieldPath": path}}} for path in summed)] if summed else []
    return needed(MessageToDict(query._to_protobuf()._pb), added)


def single(path: str, mode: str = ASCENDING) -> Index:
    return Index("cities", "COLLECTION", frozenset({Field(path, mode)}))


def where(query: Any, *filters: tuple[str, str, Any]) -> Any:
    for path, operator, value in filters:
        query = query.where(filter=FieldFilter(path, operator, value))
    return query


def declared(tmp_path: Path, *indexes: Any, overrides: tuple[Any, ...] = ()) -> Declared:
    path = tmp_path / "indexes.json"
    composite = [
        {"collectionGroup": "cities", "queryScope": scope, "fields": [_field(*field) for field in fields]}
        for scope, *fields in indexes
    ]
    path.write_text(json.dumps({"indexes": composite, "fieldOverrides": list(overrides)}))
    return Declared.read(path)


def _field(path: str, mode: str) -> dict[str, str]:
    return {"fieldPath": path, "arrayConfig" if mode == CONTAINS else "order": mode}


# https://firebase.google.com/docs/firestore/query-data/index-overview#queries_supported_by_single-field_indexes
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (where(cities, ("state", "==", "CA")), [single("state")]),
        (where(cities, ("population", "<", 100000)), [Index("cities", "COLLECTION", sorted=(Field("population"),))]),
        (where(cities, ("regions", "array_contains", "west")), [single("regions", CONTAINS)]),
        (where(cities, ("state", "==", "CO"), ("name", "==", "Denver")), [single("name"), single("state")]),
        (where(cities, ("country", "in", ["USA", "Japan"])), [single("country")]),
        (cities.order_by("name").limit(3), [Index("cities", "COLLECTION", sorted=(Field("name"),))]),
        (cities.order_by("name", direction=DOWN), [Index("cities", "COLLECTION", sorted=(Field("name", DESCENDING),))]),
        (cities, []),
        (cities.order_by("__name__"), []),
    ],
)
def test_simple_queries_need_indexes_of_one_field_each(query: Any, fields: list[Index], tmp_path: Path) -> None:
    assert list(asked(query)) == fields
    assert all(declared(tmp_path).serving(index) == frozenset() for index in fields)


# …#queries_supported_by_composite_indexes, and what an implied order adds
@pytest.mark.parametrize(
    ("query", "equality", "order"),
    [
        (where(cities, ("state", "==", "CA")).order_by("population"), {"state"}, ["population"]),
        (where(cities, ("country", "==", "USA"), ("population", "<", 3800000)), {"country"}, ["population"]),
        (where(cities, ("population", ">", 1), ("density", "<", 2)), set[str](), ["density", "population"]),
        (
            where(cities, ("population", ">", 1)).order_by("population").order_by("name"),
            set[str](),
            ["population", "name"],
        ),
        (cities.order_by("name").order_by("__name__", direction=DOWN), set[str](), ["name", "__name__"]),
    ],
)
def test_a_range_or_an_order_beside_another_field_needs_a_composite_index(
    query: Any, equality: set[str], order: list[str], tmp_path: Path
) -> None:
    [index] = asked(query)
    assert ({field.path for field in index.equality}, [field.path for field in index.sorted]) == (equality, order)
    assert declared(tmp_path).serving(index) is None
    fields = [(field.path, field.mode) for field in index.fields]
    assert declared(tmp_path, ("COLLECTION", *fields)).serving(index)
    assert declared(tmp_path, ("COLLECTION_GROUP", *fields)).serving(index) is None
    turned = [(path, DESCENDING if mode == ASCENDING else ASCENDING) for path, mode in fields]
    assert equality or declared(tmp_path, ("COLLECTION", *turned)).serving(index) is None


def test_fields_compared_for_equality_may_come_in_any_order_before_the_sorted_ones(tmp_path: Path) -> None:
    query = where(cities, ("a", "==", 1), ("b", "array_contains", 2)).order_by("c", direction=DOWN)
    [index] = asked(query)
    one = ("COLLECTION", ("a", ASCENDING), ("b", CONTAINS), ("c", DESCENDING))
    other = ("COLLECTION", ("b", CONTAINS), ("a", ASCENDING), ("c", DESCENDING))
    late = ("COLLECTION", ("a", ASCENDING), ("c", DESCENDING), ("b", CONTAINS))
    assert [bool(declared(tmp_path, entry).serving(index)) for entry in (one, other, late)] == [True, True, False]


def test_composite_indexes_with_the_same_order_are_merged(tmp_path: Path) -> None:
    [index] = asked(where(cities, ("a", "==", 1), ("b", "==", 2)).order_by("c"))
    a, b = (("COLLECTION", (path, ASCENDING), ("c", ASCENDING)) for path in "ab")
    assert len(declared(tmp_path, a, b).serving(index) or ()) == 2
    assert declared(tmp_path, a).serving(index) is None


def test_an_order_by_what_is_compared_for_equality_needs_nothing_more() -> None:
    assert asked(where(cities, ("state", "==", "CA")).order_by("state")) == (single("state"),)


def test_names_downwards_need_an_index(tmp_path: Path) -> None:
    [index] = asked(cities.order_by("__name__", direction=DOWN))
    assert declared(tmp_path).serving(index) is None


# https://firebase.google.com/docs/firestore/query-data/aggregation-queries, "Limitations"
def test_one_sum_is_served_by_its_field_two_need_a_composite_index(tmp_path: Path) -> None:
    [one], [two] = asked(cities, "population"), asked(cities, "population", "area")
    assert declared(tmp_path).serving(one) == frozenset()
    assert declared(tmp_path).serving(two) is None
    assert declared(tmp_path, ("COLLECTION", ("area", ASCENDING), ("population", ASCENDING))).serving(two)


def test_a_sum_of_what_is_filtered_needs_a_composite_index_and_a_count_does_not(tmp_path: Path) -> None:
    [index] = asked(where(cities, ("capital", "==", True)), "population")
    assert [field.path for field in index.fields] == ["capital", "population"]
    assert declared(tmp_path).serving(index) is None
    assert needed(MessageToDict(where(cities, ("capital", "==", True))._to_protobuf()._pb), [{"count": {}}]) == (
        single("capital"),
    )


def test_a_group_has_no_index_that_is_not_declared(tmp_path: Path) -> None:
    [index] = asked(where(db.collection_group("cities"), ("state", "==", "CA")))
    automatic = {"collectionGroup": "cities", "fieldPath": "state"}
    group = {"order": "ASCENDING", "queryScope": "COLLECTION_GROUP"}
    assert declared(tmp_path).serving(index) is None
    kept = declared(tmp_path, overrides=({**automatic, "indexes": [group]},))
    assert kept.serving(index)
    assert kept.unused([]) == ["COLLECTION_GROUP cities (state)"]
    assert kept.unused(kept.serving(index) or ()) == []


def test_a_field_whose_indexes_are_taken_away_cannot_be_asked_for(tmp_path: Path) -> None:
    without = {"collectionGroup": "cities", "fieldPath": "facts", "indexes": []}
    [index] = asked(where(cities, ("facts.mayor", "==", "x")))
    assert declared(tmp_path, overrides=(without,)).serving(index) is None


def test_what_is_not_known_is_refused_not_guessed() -> None:
    either = Or([FieldFilter("a", "==", 1), FieldFilter("b", "==", 2)])
    with pytest.raises(ValueError, match="joined by OR are not known"):
        asked(cities.where(filter=either))
    with pytest.raises(ValueError, match="with findNearest are not known"):
        needed({"from": [{"collectionId": "cities"}], "findNearest": {}})


def test_an_unused_composite_index_is_named(tmp_path: Path) -> None:
    entry = ("COLLECTION", ("a", ASCENDING), ("b", DESCENDING))
    assert declared(tmp_path, entry).unused([]) == ["COLLECTION cities (a ASCENDING, b DESCENDING)"]
