"""Rules that a declaration must keep and that no schema knows. One function each; `LINTS` is the list.

A lint yields one line per fault, beginning with the resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..model import Graph
from . import access, apis, labels, lifecycle, messages, order, running

LINTS: tuple[Callable[[Graph], Iterator[str]], ...] = (
    messages.dead_letters,
    messages.notifications,
    messages.push_identity,
    messages.push_path,
    messages.patience,
    access.uniform_access,
    access.public_access,
    access.own_accounts,
    access.narrow_grants,
    access.one_database,
    access.narrow_writes,
    running.idle_costs,
    access.secrets,
    access.app_check,
    running.retention,
    running.sizes,
    labels.cost_labels,
    order.apis_first,
    order.agents_first,
    order.grants_first,
    order.functions_in_turn,
    lifecycle.destroyable,
    lifecycle.comes_again,
)


def check(graph: Graph, root: Path) -> list[str]:
    """Every fault of `graph`, and of its environments and APIs against the sources under `root`."""
    found = [line for lint in LINTS for line in lint(graph)]
    return found + list(running.environment(graph, root)) + list(apis.enabled(graph, root))
