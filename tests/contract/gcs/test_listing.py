"""Listing, against a model that is slow and obvious."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.cloud import storage
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.gcs.emulators import Emulator

from emulator.emulators.gcs.errors import ApiError
from emulator.emulators.gcs.listing import Page, Position, Query, list_page
from emulator.emulators.gcs.model import Content, StoredObject

CONTENT = Content("", 0, "", "")
NAMES = st.text(st.sampled_from("ab/-\u00e9\ud7ff\ue000\U0010ffff"), min_size=1, max_size=5)
PREFIXES = st.text(st.sampled_from("ab/-\U0010ffff"), max_size=2)


def version(name: str, generation: int) -> StoredObject:
    return StoredObject("b", name, generation, 1, CONTENT, 0, 0, {})


class Catalog:
    """Versions in memory, in order; counts what a listing reads."""

    def __init__(self, names: dict[str, int]) -> None:
        self.rows = sorted(
            (version(name, generation + 1) for name, count in names.items() for generation in range(count)),
            key=lambda row: (row.name, row.generation),
        )
        self.read = 0

    def scan(self, start: Position) -> Iterator[StoredObject]:
        for row in self.rows:
            if (row.name, row.generation) >= start:
                self.read += 1
                yield row


def model(catalog: Catalog, query: Query) -> tuple[list[StoredObject], list[str]]:
    items: list[StoredObject] = []
    prefixes: set[str] = set()
    for row in catalog.rows:
        name = row.name
        if not name.startswith(query.prefix) or name < query.start or (query.end and name >= query.end):
            continue
        rest = name[len(query.prefix) :]
        if query.delimiter and query.delimiter in rest:
            common = query.prefix + rest[: rest.index(query.delimiter) + len(query.delimiter)]
            prefixes.add(common)
            if not (query.trailing and name == common):
                continue
        items.append(row)
    return items, sorted(prefixes)


def all_pages(catalog: Catalog, query: Query) -> list[Page]:
    pages = [list_page(catalog.scan, query)]
    while token := pages[-1].token:
        pages.append(list_page(catalog.scan, Query(**{**_asdict(query), "token": token})))
        assert len(pages) < 200
    return pages


def _asdict(query: Query) -> dict[str, object]:
    return {name: getattr(query, name) for name in Query.__dataclass_fields__}


@given(
    st.dictionaries(NAMES, st.integers(1, 3), max_size=12),
    st.builds(
        Query,
        prefix=PREFIXES,
        delimiter=st.sampled_from(["", "/", "-", "a", "//", "\U0010ffff"]),
        start=PREFIXES,
        end=PREFIXES,
        trailing=st.booleans(),
        limit=st.integers(1, 6),
    ),
)
def test_pages_put_together_are_what_the_model_says(names: dict[str, int], query: Query) -> None:
    catalog = Catalog(names)
    pages = all_pages(catalog, query)
    items, prefixes = model(catalog, query)
    assert [row for page in pages for row in page.items] == items
    assert [prefix for page in pages for prefix in page.prefixes] == prefixes
    assert all(0 < len(page) <= query.limit + 1 for page in pages[:-1])


def test_a_subtree_behind_a_delimiter_is_not_read() -> None:
    catalog = Catalog({f"{folder}/{i}": 1 for folder in "abc" for i in range(1000)})
    page = list_page(catalog.scan, Query(delimiter="/"))
    assert page.prefixes == ["a/", "b/", "c/"]
    assert catalog.read < 10


def test_a_token_that_is_none_is_refused() -> None:
    with pytest.raises(ApiError, match="pageToken"):
        list_page(Catalog({}).scan, Query(token="nonsense"))


TREE = ["a.txt", "dir/", "dir/b.txt", "dir/sub/c.txt", "é.txt", "z.txt"]


@pytest.fixture
def tree(bucket: storage.Bucket) -> storage.Bucket:
    for name in TREE:
        bucket.blob(name).upload_from_string(b"x")
    return bucket


def test_listing_through_the_library(tree: storage.Bucket) -> None:
    assert [blob.name for blob in tree.list_blobs()] == sorted(TREE)
    assert [blob.name for blob in tree.list_blobs(prefix="dir/")] == ["dir/", "dir/b.txt", "dir/sub/c.txt"]
    listed = tree.list_blobs(delimiter="/")
    assert [blob.name for blob in listed] == ["a.txt", "z.txt", "é.txt"]
    assert listed.prefixes == {"dir/"}
    listed = tree.list_blobs(delimiter="/", include_trailing_delimiter=True)
    assert [blob.name for blob in listed] == ["a.txt", "dir/", "z.txt", "é.txt"]
    assert [blob.name for blob in tree.list_blobs(start_offset="dir/b", end_offset="z")] == TREE[2:4]
    assert [blob.name for blob in tree.list_blobs(max_results=2)] == ["a.txt", "dir/"]
    assert [blob.name for blob in tree.list_blobs(page_size=1)] == sorted(TREE)


def test_a_page_says_where_the_next_begins(emulator: Emulator, tree: storage.Bucket) -> None:
    path = f"/storage/v1/b/{tree.name}/o?maxResults=4"
    first = emulator.call("GET", path).json()
    assert len(first["items"]) == 4
    second = emulator.call("GET", f"{path}&pageToken={first['nextPageToken']}").json()
    assert [each["name"] for each in first["items"] + second["items"]] == sorted(TREE)
    assert "nextPageToken" not in second
    assert emulator.call("GET", f"/storage/v1/b/{tree.name}/o?pageToken=nonsense").status_code == 400
    assert emulator.call("GET", f"/storage/v1/b/{tree.name}/o?maxResults=many").status_code == 400
    assert emulator.call("GET", f"/storage/v1/b/{tree.name}/o?prefix=none").json() == {"kind": "storage#objects"}


def test_a_listing_of_no_bucket_is_not_found(emulator: Emulator) -> None:
    assert emulator.call("GET", "/storage/v1/b/no-such-bucket/o").status_code == 404
