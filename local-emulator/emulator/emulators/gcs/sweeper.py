"""The sweep: applies the lifecycle rules of every bucket, and forgets resumable uploads that are too old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from itertools import groupby

from .api import Api
from .errors import ApiError
from .lifecycle import delete_rules, due
from .model import StoredObject

log = logging.getLogger(__name__)
_VERSIONS_AT_ONCE = 200  # deleted between two chances for requests


async def sweep(api: Api, base: str) -> int:
    """Deletes what is due in every bucket; returns how many versions. Lets requests through in between."""
    deleted = 0
    api.uploads.expire()
    for bucket in api.buckets.list():
        rules = delete_rules(bucket.fields)
        if not rules:
            continue
        condemned = [
            (stored.name, stored.generation)
            for stored, newer in _versions(api, bucket.name)
            if due(rules, stored, api.clock.now(), newer)
        ]
        for count, (name, generation) in enumerate(condemned, 1):
            deleted += _delete(api, bucket.name, name, generation, base)
            if count % _VERSIONS_AT_ONCE == 0:
                await asyncio.sleep(0)
    return deleted


def _versions(api: Api, bucket: str) -> Iterator[tuple[StoredObject, int]]:
    """Every version with the number of newer ones."""
    scan = api.catalog.scan(bucket, ("", 0), versions=True)
    for _, group in groupby(scan, key=lambda stored: stored.name):
        versions = list(group)
        for index, stored in enumerate(versions):
            yield stored, len(versions) - 1 - index


def _delete(api: Api, bucket: str, name: str, generation: int, base: str) -> bool:
    found = api.catalog.version(bucket, name, generation)
    if found is None:  # meanwhile deleted by a request
        return False
    try:
        api.storage.delete(found, base=base)
    except ApiError as error:  # the outbox is full: the next sweep tries again
        log.info("lifecycle: %s/%s stays for now: %s", bucket, name, error)
        return False
    return True
