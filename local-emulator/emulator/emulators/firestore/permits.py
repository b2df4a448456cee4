"""Rights in Firestore's databases, for which Google's emulator asks no caller: a call without the right is refused.

Python's standard library alone, and no imports of ours: a workload's process runs it through `hook/sitecustomize.py`.
What a workload may do is declared: its variable is made of the grants of its account (declaration/realise/accounts.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

VARIABLE = "FIRESTORE_RIGHTS"
"""Names, as JSON, the databases (projects/P/databases/D) that a process may use, each with READ or WRITE."""
READ, WRITE = "read", "write"
_READS = (
    *("get_document", "list_documents", "batch_get_documents", "run_query", "run_aggregation_query"),
    *("partition_query", "list_collection_ids", "listen"),
)
_WRITES = (
    *("create_document", "update_document", "delete_document", "commit", "batch_write", "write"),
    *("begin_transaction", "rollback"),
)


def refusing(rights: str) -> Callable[[Any], None]:
    """Patches a FirestoreClient: calls that `rights` (JSON) does not allow raise PermissionDenied, as Google's do."""
    allowed: dict[str, str] = json.loads(rights)

    def patch(client: Any) -> None:
        for names, enough in ((_READS, (READ, WRITE)), (_WRITES, (WRITE,))):
            databases = frozenset(database for database, right in allowed.items() if right in enough)
            for name in names:
                setattr(client, name, _checked(getattr(client, name), databases))

    return patch


def _checked(call: Callable[..., Any], databases: frozenset[str]) -> Callable[..., Any]:
    def checked(self: Any, request: Any = None, **options: Any) -> Any:
        if _database(request, options) not in databases:
            from google.api_core.exceptions import PermissionDenied

            raise PermissionDenied("Missing or insufficient permissions.")
        return call(self, request, **options)

    return checked


def _database(request: Any, options: dict[str, Any]) -> str:
    """The database that a call is for: its request names it, or a document or collection in it."""
    if request is None:
        request = options
    for field in ("database", "parent", "name"):
        value = request.get(field) if isinstance(request, dict) else getattr(request, field, None)
        if value:
            return "/".join(str(value).split("/")[:4])
    return ""
