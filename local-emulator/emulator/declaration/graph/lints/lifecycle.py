"""Lints of the end, and of what comes after it: what `pulumi destroy` stops at, and what a second `pulumi up` meets."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Graph

BUCKET = "gcp:storage/bucket:Bucket"
DATABASE = "gcp:firestore/database:Database"
REUSABLE = 300  # seconds for which Firestore refuses the id of a database that was deleted
# Protected unless the declaration says otherwise.
PROTECTED = ("gcp:cloudrunv2/service:Service", "gcp:cloudrunv2/job:Job")


def destroyable(graph: Graph) -> Iterator[str]:
    """Nothing refuses to be destroyed: what is to stay is left behind, not held on to."""
    for resource in graph.resources.values():
        if resource.inputs.get("deletionProtection", resource.type in PROTECTED) is not False:
            yield f"{resource.label}: deletionProtection stops `pulumi destroy`"
    for bucket in graph.of(BUCKET):
        if bucket.inputs.get("deletionPolicy") != "ABANDON" and bucket.inputs.get("forceDestroy") is not True:
            yield f"{bucket.label}: `pulumi destroy` stops at its objects: needs forceDestroy, or ABANDON to keep them"
    for database in graph.of(DATABASE):
        protected = database.inputs.get("deleteProtectionState") == "DELETE_PROTECTION_ENABLED"
        if protected and database.inputs.get("deletionPolicy") != "ABANDON":
            yield f"{database.label}: is protected, so that `pulumi destroy` stops: needs ABANDON"
    for key in graph.of("ApiKey"):
        if key.inputs.get("deletionPolicy") != "FORCE":
            yield f"{key.label}: once used, it is not deleted for a week: needs FORCE"
    for ruleset in graph.of("Ruleset"):
        if ruleset.inputs.get("deletionPolicy") != "ABANDON":
            yield f"{ruleset.label}: its release stays, and what a release names cannot be deleted: needs ABANDON"


def comes_again(graph: Graph) -> Iterator[str]:
    """After `pulumi destroy`, `pulumi up` meets no name that is still taken."""
    for key in graph.of("ApiKey"):
        if key.inputs.get("name"):
            yield f"{key.label}: the name of a deleted key stays taken for 30 days: leave it to Pulumi"
    for database in graph.of(DATABASE):
        waits = [r for r in graph.of("Sleep") if r.urn in database.depends]
        seconds = max((int(r.inputs.get("destroyDuration", "0s").removesuffix("s")) for r in waits), default=0)
        if database.inputs.get("deletionPolicy") == "DELETE" and seconds < REUSABLE:
            yield f"{database.label}: its id is refused for {REUSABLE} s after its end: needs a wait that ends last"
