"""The graph: every resource of the program, with its inputs resolved, as data that JSON can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from . import assets
from .assets import Archive, Asset, FileAsset, StringAsset

_ADDRESS = re.compile(r"port-of-([a-z0-9-]+)\.invalid")


class Ports(Protocol):
    """The ports of this machine, by resource."""

    def port_for(self, resource_name: str) -> int:
        """The port of what is named so, the same at every call."""
        ...


def address(name: str) -> str:
    """A stand-in for `127.0.0.1:PORT` of what is named so; `Graph.with_ports` fills it in.

    Usable in settings too (`http://{address('gcs')}`), so that a cached graph does not depend on today's ports.
    """
    return f"port-of-{name}.invalid"


@dataclass(frozen=True, slots=True)
class Resource:
    """One declared resource.

    `inputs` and `outputs` are keyed as in Pulumi's schema (camelCase); `outputs` include the inputs. `depends` and
    `parent` are URNs. `secrets` are paths into `inputs` (`serviceConfig.environmentVariables.KEY`).
    """

    urn: str
    type: str
    name: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    id: str
    depends: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    parent: str = ""

    @property
    def is_component(self) -> bool:
        """Whether it only groups others."""
        return self.type.startswith("media:")

    @property
    def label(self) -> str:
        """Its name in messages: `Bucket media`."""
        return f"{self.type.rsplit(':', 1)[-1]} {self.name}"


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole stack: resources by URN, each after those it depends on, and what it exports."""

    resources: dict[str, Resource]
    exports: dict[str, Any]
    secret_exports: tuple[str, ...] = ()

    def of(self, type: str) -> list[Resource]:
        """Resources of one type, given whole (`gcp:storage/bucket:Bucket`) or, components aside, by its last part."""
        short = {r.type: r.type.rsplit(":", 1)[-1] for r in self.resources.values() if not r.is_component}
        return [r for r in self.resources.values() if type in (r.type, short.get(r.type))]

    def named(self, type: str, name: str) -> Resource:
        """The one resource of that type and name. Raises KeyError."""
        for resource in self.of(type):
            if resource.name == name:
                return resource
        raise KeyError(f"there is no {type} {name}; there are {[r.name for r in self.of(type)]}")

    def before(self, resource: Resource) -> set[str]:
        """URNs of all that is made before it: what it depends on, and what that depends on."""
        found: set[str] = set()
        waiting = list(resource.depends)
        while waiting:
            urn = waiting.pop()
            if urn not in found:
                found.add(urn)
                waiting += self.resources[urn].depends if urn in self.resources else ()
        return found

    def with_ports(self, ports: Ports) -> Graph:
        """The same graph with every `address` filled in."""

        def fill(text: str) -> str:
            return _ADDRESS.sub(lambda found: f"127.0.0.1:{ports.port_for(found[1])}", text)

        def filled(resource: Resource) -> Resource:
            return replace(resource, inputs=_map(fill, resource.inputs), outputs=_map(fill, resource.outputs))

        resources = {urn: filled(resource) for urn, resource in self.resources.items()}
        return Graph(resources, _map(fill, self.exports), self.secret_exports)

    def to_json(self) -> str:
        """Text that `from_json` reads. It holds secrets in the clear: keep it to yourself."""
        data = {
            "resources": [_fields(resource) for resource in self.resources.values()],
            "exports": self.exports,
            "secret_exports": self.secret_exports,
        }
        return json.dumps(data, default=assets.to_json)

    @staticmethod
    def from_json(text: str) -> Graph:
        """The inverse of `to_json`. Raises ValueError or KeyError on anything else."""
        data = json.loads(text, object_hook=assets.from_json)
        resources: dict[str, Resource] = {}
        for entry in data["resources"]:
            entry |= {key: tuple(entry[key]) for key in ("depends", "secrets")}
            resources[entry["urn"]] = Resource(**entry)
        return Graph(resources, data["exports"], tuple(data["secret_exports"]))


def _fields(resource: Resource) -> dict[str, Any]:
    """Fields by name; assets inside stay objects."""
    return {f.name: getattr(resource, f.name) for f in fields(resource)}


def _map(change: Callable[[str], str], value: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _map(change, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_map(change, item) for item in value]
    if isinstance(value, StringAsset):
        return StringAsset(change(value.text))
    if isinstance(value, Archive):
        return Archive({name: _map(change, entry) for name, entry in value.entries.items()})
    return value


__all__ = ["Archive", "Asset", "FileAsset", "Graph", "Ports", "Resource", "StringAsset", "address"]
