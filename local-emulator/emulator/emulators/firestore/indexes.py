"""The indexes that Firestore demands for a query, compared with those that infra/firestore.indexes.json declares.

The rules are those of https://firebase.google.com/docs/firestore/query-data/index-overview and, for sums, of
https://firebase.google.com/docs/firestore/query-data/aggregation-queries:

- each field has automatic indexes of its own, in collections, unless an override takes them away; none in groups;
- filters for equality alone are merged from those;
- anything else over two fields or more needs a composite index: the fields compared for equality in any order, then the
  sort order, then what is added up. Several composite indexes with the same sort order are merged, too;
- an index is read in one direction only, and ends with the document's name in the direction of its last field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

NAME = "__name__"
COLLECTION, GROUP = "COLLECTION", "COLLECTION_GROUP"
ASCENDING, DESCENDING, CONTAINS = "ASCENDING", "DESCENDING", "CONTAINS"
_EQUALITY = {
    **dict.fromkeys(("EQUAL", "IN", "IS_NULL", "IS_NAN"), ASCENDING),
    **dict.fromkeys(("ARRAY_CONTAINS", "ARRAY_CONTAINS_ANY"), CONTAINS),
}
_INEQUALITY = {
    *("LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "GREATER_THAN_OR_EQUAL", "NOT_EQUAL", "NOT_IN"),
    *("IS_NOT_NULL", "IS_NOT_NAN"),
}


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """A field of an index. `mode` is ASCENDING, DESCENDING or CONTAINS."""

    path: str
    mode: str = ASCENDING


@dataclass(frozen=True, slots=True)
class Index:
    """An index that a query needs: the fields compared for `equality`, in any order, those that it is `sorted` by, and
    those that are `summed` up, in any order."""

    collection: str
    scope: str
    equality: frozenset[Field] = frozenset()
    sorted: tuple[Field, ...] = ()
    summed: frozenset[Field] = frozenset()

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them, in the order in which one would declare them."""
        return (*sorted(self.equality), *self.sorted, *sorted(self.summed))

    def __str__(self) -> str:
        listed = ", ".join(f"{field.path} {field.mode}" for field in self.fields)
        return f"{self.scope} {self.collection} ({listed})"


def needed(query: Json, aggregations: Sequence[Json] = ()) -> tuple[Index, ...]:
    """The indexes that a StructuredQuery (JSON, as the REST API has it) cannot do without; empty: the primary key.

    `aggregations` are those of a StructuredAggregationQuery. Raises ValueError for a query whose rules are not known
    here.
    """
    if unknown := query.keys() - {"select", "from", "where", "orderBy", "startAt", "endAt", "offset", "limit"}:
        raise ValueError(f"the indexes of a query with {', '.join(sorted(unknown))} are not known here")
    [source] = query["from"]
    collection, scope = source["collectionId"], GROUP if source.get("allDescendants") else COLLECTION
    equality, unequal = _filters(query.get("where", {}))
    by = _sorted(query.get("orderBy", ()), {field.path for field in equality}, unequal)
    known = {field.path for field in (*equality, *by)}
    summed = frozenset(Field(path) for path in map(_summed, aggregations) if path and path not in known)
    if not by and not summed:  # one at a time: merged
        return tuple(Index(collection, scope, frozenset({field})) for field in sorted(equality))
    return (Index(collection, scope, equality, by, summed),)


def _filters(where: Json) -> tuple[frozenset[Field], list[str]]:
    """The paths of fields compared for equality, and of those compared otherwise."""
    equality, unequal = set[Field](), list[str]()
    for one in _flat(where):
        [(_, comparison)] = one.items()
        path, operator = comparison["field"]["fieldPath"], comparison["op"]
        if operator in _EQUALITY and path != NAME:
            equality.add(Field(path, _EQUALITY[operator]))
        elif operator in _INEQUALITY:
            unequal.append(path)
        elif path != NAME:
            raise ValueError(f"the indexes of a filter with {operator} are not known here")
    return frozenset(equality), unequal


def _flat(where: Json) -> Iterable[Json]:
    if not where:
        return
    if composite := where.get("compositeFilter"):
        if composite["op"] != "AND":
            raise ValueError(f"the indexes of filters joined by {composite['op']} are not known here")
        for one in composite["filters"]:
            yield from _flat(one)
    else:
        yield where


def _sorted(orders: Sequence[Json], equality: set[str], unequal: Iterable[str]) -> tuple[Field, ...]:
    """The sort order, what is implied by inequalities included, without what the document's name implies."""
    by = [Field(one["field"]["fieldPath"], one.get("direction", ASCENDING)) for one in orders]
    last = by[-1].mode if by else ASCENDING
    by = [*(one for one in by if one.path != NAME), *(one for one in by if one.path == NAME)]
    implied = sorted({path for path in unequal if path != NAME} - {one.path for one in by})
    before = [one for one in by if one.path != NAME and one.path not in equality]
    before += [Field(path, last) for path in implied if path not in equality]
    name = next((one.mode for one in by if one.path == NAME), None)
    natural = before[-1].mode if before else ASCENDING
    return (*before, *([Field(NAME, name)] if name and name != natural else []))


def _summed(aggregation: Json) -> str | None:
    """The path of the field that is added up or averaged; None for a count."""
    for kind in ("sum", "avg"):
        if kind in aggregation:
            return aggregation[kind]["field"]["fieldPath"]
    return None


@dataclass(frozen=True, slots=True)
class Declared:
    """A firestore.indexes.json: composite indexes as lists of fields, and of each overridden field the indexes left."""

    composite: frozenset[tuple[str, str, tuple[Field, ...]]]
    overrides: Mapping[tuple[str, str], frozenset[tuple[str, str]]]

    @classmethod
    def read(cls, path: Path) -> Declared:
        """Raises ValueError where the file is malformed."""
        found = json.loads(path.read_text())
        composite = {
            (one["collectionGroup"], one["queryScope"], tuple(Field(f["fieldPath"], _mode(f)) for f in one["fields"]))
            for one in found["indexes"]
        }
        overrides = {
            (one["collectionGroup"], one["fieldPath"]): frozenset((i["queryScope"], _mode(i)) for i in one["indexes"])
            for one in found["fieldOverrides"]
        }
        return cls(frozenset(composite), overrides)

    def serving(self, index: Index) -> frozenset[object] | None:
        """The declared entries that serve `index`; empty where an automatic one does, None where nothing does."""
        if len(index.fields) == 1 and index.fields[0].path != NAME:
            return self._single(index)
        parts = {
            entry: head
            for entry in self.composite
            if entry[:2] == (index.collection, index.scope) and (head := _head(entry[2], index)) is not None
        }
        whole = [entry for entry, head in parts.items() if head == index.equality]
        covered = {field for head in parts.values() for field in head}
        if whole or (index.equality and covered >= index.equality):
            return frozenset(whole or parts)
        return None

    def _single(self, index: Index) -> frozenset[object] | None:
        [field] = index.fields
        steps = field.path.split(".")
        for end in range(len(steps), 0, -1):  # a map's fields have what the map has
            key = (index.collection, ".".join(steps[:end]))
            if key in self.overrides:
                return frozenset({key}) if (index.scope, field.mode) in self.overrides[key] else None
        return frozenset() if index.scope == COLLECTION else None

    def unused(self, used: Iterable[object]) -> list[str]:
        """The declared composite indexes, and indexes of groups, that are not among `used`."""
        found = set(used)
        composite = [
            f"{scope} {collection} ({', '.join(f'{field.path} {field.mode}' for field in fields)})"
            for collection, scope, fields in sorted(self.composite)
            if (collection, scope, fields) not in found
        ]
        single = [
            f"{GROUP} {collection} ({path})"
            for (collection, path), left in sorted(self.overrides.items())
            if any(scope == GROUP for scope, _ in left) and (collection, path) not in found
        ]
        return composite + single


def _head(fields: tuple[Field, ...], index: Index) -> frozenset[Field] | None:
    """The fields before the sort order and the sums of `index`, if `fields` end with those; else None."""
    summed = len(fields) - len(index.summed)
    order = summed - len(index.sorted)
    if order < 0 or fields[order:summed] != index.sorted or set(fields[summed:]) != set(index.summed):
        return None
    head = frozenset(fields[:order])
    return head if head <= index.equality else None


def _mode(field: Json) -> str:
    mode = field.get("order") or field.get("arrayConfig")
    if mode not in (ASCENDING, DESCENDING, CONTAINS):
        raise ValueError(f"{field}: expected an order (ASCENDING, DESCENDING) or an arrayConfig (CONTAINS)")
    return mode
