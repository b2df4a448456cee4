"""Names and metadata, in SQLite: ordered by name as UTF-8 bytes, which is the order Google lists in.

In memory or in a file, by one code path. Used from the event loop's thread only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..model import Bucket, Content, StoredObject

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
  bucket TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, metageneration INTEGER NOT NULL,
  blob TEXT NOT NULL, size INTEGER NOT NULL, crc32c TEXT NOT NULL, md5 TEXT, components INTEGER,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER, fields TEXT NOT NULL,
  PRIMARY KEY (bucket, name, generation)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS live ON objects (bucket, name) WHERE deleted IS NULL;
"""
_SELECT = (
    "SELECT bucket, name, generation, metageneration, blob, size, crc32c, md5, components,"
    " created, updated, deleted, fields FROM objects "
)


class Catalog:
    """Buckets, generations of objects, and resumable uploads under way."""

    def __init__(self, path: Path | None = None) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self._buckets = {name: _bucket(body) for name, body in self._db.execute("SELECT name, body FROM buckets")}

    def close(self) -> None:
        """Writes the journal back."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All of the changes within, or none."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # Buckets are few and looked up at every request: kept in memory as well.

    def bucket(self, name: str) -> Bucket | None:
        """A bucket by name."""
        return self._buckets.get(name)

    def buckets(self) -> list[Bucket]:
        """All of them, by name."""
        return [self._buckets[name] for name in sorted(self._buckets)]

    def save_bucket(self, bucket: Bucket) -> None:
        """Adds or replaces a bucket."""
        self._db.execute("INSERT OR REPLACE INTO buckets VALUES (?, ?)", (bucket.name, json.dumps(asdict(bucket))))
        self._buckets[bucket.name] = bucket

    def drop_bucket(self, name: str) -> None:
        """Removes a bucket."""
        self._db.execute("DELETE FROM buckets WHERE name = ?", (name,))
        del self._buckets[name]

    def live(self, bucket: str, name: str) -> StoredObject | None:
        """The current version."""
        return self._one("WHERE bucket = ? AND name = ? AND deleted IS NULL", (bucket, name))

    def version(self, bucket: str, name: str, generation: int) -> StoredObject | None:
        """One version, current or not."""
        return self._one("WHERE bucket = ? AND name = ? AND generation = ?", (bucket, name, generation))

    def scan(self, bucket: str, start: tuple[str, int], *, versions: bool) -> Iterator[StoredObject]:
        """From (name, generation) `start` on, in order. Read no further while the catalog changes."""
        current = "" if versions else "AND deleted IS NULL "
        where = f"WHERE bucket = ? AND (name, generation) >= (?, ?) {current}ORDER BY name, generation"
        return (_object(row) for row in self._db.execute(_SELECT + where, (bucket, *start)))

    def save(self, stored: StoredObject) -> None:
        """Adds a version, or replaces its metadata."""
        c = stored.content
        row = (c.blob, c.size, c.crc32c, c.md5, c.components)
        times = (stored.created, stored.updated, stored.deleted, json.dumps(stored.fields))
        key = (stored.bucket, stored.name, stored.generation, stored.metageneration)
        self._db.execute("INSERT OR REPLACE INTO objects VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", (*key, *row, *times))

    def drop(self, stored: StoredObject) -> None:
        """Removes a version."""
        key = (stored.bucket, stored.name, stored.generation)
        self._db.execute("DELETE FROM objects WHERE bucket = ? AND name = ? AND generation = ?", key)

    def last_generation(self) -> int:
        """The highest generation; 0 in an empty catalog."""
        return self._db.execute("SELECT max(generation) FROM objects").fetchone()[0] or 0

    def blobs(self) -> set[str]:
        """The keys of all blobs that objects have."""
        return {key for (key,) in self._db.execute("SELECT blob FROM objects")}

    def uploads(self) -> list[dict[str, Any]]:
        """Every resumable upload that is kept."""
        return [json.loads(body) for (body,) in self._db.execute("SELECT body FROM uploads")]

    def upload(self, upload_id: str) -> dict[str, Any] | None:
        """A resumable upload by id."""
        row = self._db.execute("SELECT body FROM uploads WHERE id = ?", (upload_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def save_upload(self, upload_id: str, body: dict[str, Any]) -> None:
        """Adds or replaces a resumable upload."""
        self._db.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?)", (upload_id, json.dumps(body)))

    def drop_upload(self, upload_id: str) -> None:
        """Forgets a resumable upload."""
        self._db.execute("DELETE FROM uploads WHERE id = ?", (upload_id,))

    def _one(self, where: str, values: tuple[str | int, ...]) -> StoredObject | None:
        row = self._db.execute(_SELECT + where, values).fetchone()
        return _object(row) if row else None


def _object(row: tuple[Any, ...]) -> StoredObject:
    bucket, name, generation, metageneration, *content, created, updated, deleted, fields = row
    return StoredObject(
        bucket, name, generation, metageneration, Content(*content), created, updated, json.loads(fields), deleted
    )


def _bucket(body: str) -> Bucket:
    values = json.loads(body)
    values["notifications"] = tuple(values["notifications"])
    return Bucket(**values)
